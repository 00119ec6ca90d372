# Every target is a thin door to a script; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup build verifier ui run test bench exact day fuzz schemathesis lint fmt clean-var ci

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  PORT=8081 make run      another port"
	@echo "  DATA_DIR=dir make run   another data directory (default ./var)"

setup: ## check and install what building needs
	@scripts/setup.sh

build: setup ## build the browser side, the gateway and the engine
	@scripts/build.sh

verifier: ## build leeward-verify alone, static, into ./dist
	@scripts/verifier.sh

ui: setup ## build the browser side alone
	@scripts/ui.sh

run: ## set up, build, fetch the demo model and serve on http://127.0.0.1:8080
	@scripts/run.sh

test: ## set up and run every test
	@scripts/test.sh

bench: ## measure decoding, authentication, and decoding under guessing
	@scripts/bench.sh

exact: ## streams against whole answers in twelve scripts, and answers against JSON schemas; up to an hour
	@scripts/exact-check.sh exactness
	@scripts/exact-check.sh schemas

day: ## a day of mixed use, pressed together: memory, open files and processes are looked at after each hour
	@scripts/with-demo.sh python3 server/tests/clients/day.py

fuzz: ## coverage-guided fuzzing of every parser of what comes from outside; MINUTES each (10)
	@scripts/fuzz.sh

schemathesis: ## what the service answers against what its description says, 10,000 cases
	@scripts/schemathesis.sh

lint: ## format check, clippy, licences and bans
	@scripts/lint.sh

fmt: ## format Rust and TypeScript
	@cargo fmt --all
	@cd admin-ui && npm run --silent format

ci: ## what continuous integration runs
	@.ci/run

clean-var: ## delete ./var: the demo's database, keys, models and log
	@rm -rf ./var
