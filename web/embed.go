// Package web exposes the built front end. It holds no logic.
package web

import "embed"

// Dist holds what `npm run build` wrote; empty but for a placeholder before.
//
//go:embed all:dist
var Dist embed.FS
