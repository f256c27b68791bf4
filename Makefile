# Everything is run from here: `make help`. Targets install what they need first
# (.ci/setup), so a fresh clone starts with `make run`.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Targets are in the order in which they are cheapest.
.NOTPARALLEL:

LISTEN ?= 127.0.0.1:8080
# A folder of real incidents (*.csv.gz) for the benches; without, none.
INCIDENTS ?=
DATA ?= .quietude

# H3 is a C library.
export CGO_ENABLED := 1
# Of every command alike: what one compiles, the next finds in Go's cache.
export GOFLAGS := $(strip -trimpath $(GOFLAGS))

web_sources := $(shell find web/src web/public web/*.html web/*.ts web/*.json -type f 2>/dev/null) server/api/openapi.yaml
node_modules := web/node_modules/.package-lock.json

.PHONY: help
help: ## Lists the targets.
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: setup
setup: ## Installs what building and running need (packages as root, npm packages).
	@.ci/setup
	@$(MAKE) --no-print-directory $(node_modules)

$(node_modules): web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/index.html: $(node_modules) $(web_sources)
	cd web && npm run build
	@touch $@

.PHONY: build
build: setup ## Builds bin/quietude with its pages.
	@$(MAKE) --no-print-directory web/dist/index.html
	go build -o bin/quietude ./cmd/quietude

.PHONY: run
run: build ## Builds and serves on LISTEN with the demonstration, data in DATA.
	exec bin/quietude serve --listen $(LISTEN) --data $(DATA) --demo

.PHONY: test
test: test-setup check test-web build test-go test-e2e ## Checks and tests everything, cheap to dear.

.PHONY: test-setup
test-setup:
	@.ci/setup test
	@$(MAKE) --no-print-directory $(node_modules)

.PHONY: check
check: test-setup ## Checks format, vet, types and rules, without running anything.
	@bad=$$(gofmt -l $$(find . -name '*.go' -not -path './web/node_modules/*')); \
	if [ -n "$$bad" ]; then echo "not gofmt'd (make fmt):"; echo "$$bad"; exit 1; fi
	go vet ./...
	cd web && npm run check

.PHONY: test-web
test-web: test-setup ## Tests the front end's modules.
	cd web && npm test

# CI=true: a test that misses its database fails instead of being skipped. The
# tests of who imports what are run anew, since the cache does not see other
# packages change. The race detector allows few pairs of twin worlds, so all 200
# are compared without it. It has nothing to see in packages that start no goroutine
# (a test of geo holds that) and makes their thousands of random maps seven times as long.
alone := quietude/geo/edition quietude/geo/hexstat
# These take longest, so they begin first. No test needs a vet of its own: check has it.
long := quietude/server/api quietude/server/roomtest

.PHONY: test-go
test-go: build ## Tests the Go packages with the race detector, against a real PostGIS.
	CI=true .ci/last-words go test -race -vet=off -timeout 25m $(long) $(filter-out $(alone) $(long),$(shell go list ./...))
	.ci/last-words go test -vet=off $(alone)
	.ci/last-words go test -vet=off -count=1 -run TestTwinWorlds ./server/api
	.ci/last-words go test -vet=off -count=1 -run 'Pure|Door|Arrows|Alone' ./geo ./server

.PHONY: test-e2e
test-e2e: build ## Tests the built program in a real browser.
	cd web && CI=true npm run e2e

.PHONY: fuzz
fuzz: test-setup ## Fuzzes every decoder that meets the outside, FUZZTIME (1m) each; keeps the corpus.
	@.ci/fuzz

.PHONY: fmt
fmt: $(node_modules) ## Formats Go and the front end.
	gofmt -w $$(find . -name '*.go' -not -path './web/node_modules/*')
	cd web && npm run format

.PHONY: bench-quick
bench-quick: setup ## Measures the program beside plain SQL, 1 million rows (10 million in memory), 3 minutes.
	go run ./server/bench -rows 1000000 $(if $(INCIDENTS),-incidents $(INCIDENTS))

.PHONY: bench
bench: setup ## The same with 10 million rows: about 10 minutes and 10 GB of disk.
	go run ./server/bench -rows 10000000 -import 200000 -round 1s $(if $(INCIDENTS),-incidents $(INCIDENTS))

.PHONY: bench-room
bench-room: build ## Measures the live room: delays, operations a second, late joiners; about 8 minutes.
	go run ./server/roomtest/cmd/bench-room -binary bin/quietude

.PHONY: doctor
doctor: build ## Looks at the installation in DATA and says what to do.
	bin/quietude doctor --data $(DATA)

.PHONY: clean
clean: ## Removes what was built; data stays.
	rm -rf bin web/node_modules web/test-results web/playwright-report
	find web/dist -mindepth 1 -not -name .gitkeep -delete
