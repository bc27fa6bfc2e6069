# Everything a developer needs. `make` alone shows this list.
.DEFAULT_GOAL := help
SHELL := /bin/sh
DEMO_PORT ?= 8080
GO ?= go
BUILD := .build

.PHONY: help
help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ The two commands
.PHONY: demo
demo: need-demo assets ## the whole story, from http://localhost:8084 (DEMO_PORT=18080 moves the block of ports)
	@mkdir -p $(BUILD) && echo "building the demo…" && $(GO) build -o $(BUILD)/sandbox ./cmd/sandbox
	@exec $(BUILD)/sandbox -port $(DEMO_PORT)

.PHONY: test
test: need-test assets peers ## the whole suite: unit, PostgreSQL, journeys, browser, rules
	@$(GO) vet ./...
	TEST_DATABASE_URL="$(DATABASE_URL)" $(GO) test -vet=off -count=1 -timeout 25m ./...
	$(GO) test -count=1 -tags pkcs11 ./internal/signing

##@ Building
.PHONY: build
build: need-build assets ## static binaries in .build/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o $(BUILD)/ ./cmd/portal ./cmd/consentctl

.PHONY: assets
assets: ## fetch the design system by lockfile, once
	@sh portal/assets/build.sh

.PHONY: peers
peers: ## fetch the npm programs that tests run against, once
	@sh internal/sandbox/peers/install.sh

.PHONY: image
image: ## container image (needs a container engine)
	docker build -t portail-consentement .

##@ Working
.PHONY: race
race: assets peers ## the suite under the race detector
	TEST_DATABASE_URL="$(DATABASE_URL)" $(GO) test -race -count=1 -timeout 30m ./...

.PHONY: bench
bench: need-bench assets peers ## the portal beside its yardsticks and a peer, as a table (BENCH=-short for one minute)
	@mkdir -p $(BUILD) && $(GO) build -o $(BUILD)/bench ./cmd/bench
	@$(BUILD)/bench $(BENCH)

.PHONY: stories
stories: assets ## each page in each state, without a database, on http://localhost:8080/stories
	@mkdir -p $(BUILD) && $(GO) build -o $(BUILD)/sandbox ./cmd/sandbox
	@exec $(BUILD)/sandbox -stories -port $(DEMO_PORT)

.PHONY: screenshots
screenshots: need-test assets peers ## every page of the story as PNG in screenshots/
	$(GO) test -count=1 ./cmd/sandbox -run TestBrowser -screenshots $(CURDIR)/screenshots

.PHONY: clean
clean: ## remove what was built or fetched
	rm -rf $(BUILD) screenshots portal/assets/node_modules portal/assets/dist/* internal/sandbox/peers/node_modules internal/sandbox/peers/runtime/node_modules

.PHONY: need-build need-demo need-test need-bench
need-build need-demo need-test need-bench:
	@sh .ci/need $(subst need-,,$@)
