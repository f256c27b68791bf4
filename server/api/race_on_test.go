//go:build race

package api_test

// raceDetector says that the race detector watches.
const raceDetector = true
