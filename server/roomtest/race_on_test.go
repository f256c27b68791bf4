//go:build race

package roomtest

const raceDetector = true
