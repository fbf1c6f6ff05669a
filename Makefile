# Every command of the project. `make` alone lists them. Each does its own set-up.
.DEFAULT_GOAL := help
.PHONY: help setup run dev web web-check web-test test check lint scan audit unit chaos drill contract fuzz load bench bench-main bench-peers trace-first-result bench-queue bench-report bench-routes bench-cold-start bench-engine bench-burst simulate-burst motif-report dead-letters openapi format build deploy lock clean

PGN ?= examples/byrne-fischer-1956.pgn
ARCH ?= x86_64
HOST_ARCH := $(patsubst aarch64,arm64,$(shell uname -m))
VENV := .venv/bin
# Two at once, since most tests wait for servers; a file's tests one after the other, since they share them.
PARALLEL ?= --numprocesses=2 --dist=loadfile --no-loadscope-reorder
export LITE_TELEMETRY := 0
export SAM_CLI_TELEMETRY := 0

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: ## Install everything into the project's own folder (the others do this by themselves)
	@sh infra/setup.sh

run: setup ## Analyse a game through the whole system: make run [PGN=path/to/file.pgn]
	@$(VENV)/python -m infra.local run $(PGN)

dev: setup web ## Serve the whole system and its web page until Ctrl-C and print their URLs
	@$(VENV)/python -m infra.local up --web clients/web/dist

web: ## Build the web client's static files into clients/web/dist
	@sh infra/web.sh
	@npm --prefix clients/web run --silent build -- --logLevel warn

web-check: ## The web client's types, lint, unit tests, build and size
	@sh infra/web.sh
	@npm --prefix clients/web run --silent check

web-test: setup ## The web client in a real browser, with screenshots: make web-test [IMAGES=docs/images]
	@sh infra/web.sh browser
	@npm --prefix clients/web run --silent build -- --logLevel warn
	@$(if $(IMAGES),IMAGES=$(IMAGES)) npm --prefix clients/web run --silent e2e

test: setup lint web-check ## Everything but the browser: lint, types, import contracts, unit, integration and end-to-end tests
	@$(VENV)/python -m pytest $(PARALLEL)

check: lint scan audit ## Everything that only reads: lint, template scanners, pinned packages with known vulnerabilities

lint: setup ## Lint, formatting, types, import contracts, the template by cfn-lint
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy
	@PYTHONPATH=functions $(VENV)/lint-imports --no-cache
	@.tools/sam/bin/sam validate --lint
	@.tools/sam/bin/cfn-lint --config-file infra/cfnlintrc.yaml

scan: setup ## The template by checkov, which is installed for it (a minute)
	@sh infra/scan.sh

audit: setup ## Pinned packages with known vulnerabilities, where the network lets it look
	@sh infra/audit.sh

unit: setup ## The fast tests only: no network, no processes
	@$(VENV)/python -m pytest tests/unit functions/knight_vision

chaos: setup ## Many small games while everything dies: make chaos [SEED=] [GAMES=300] [MINUTES=]
	@PYTHONPATH=functions $(VENV)/python -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(GAMES),--games $(GAMES)) $(if $(MINUTES),--minutes $(MINUTES))

drill: setup ## Lose Redis, Supabase and all but the database, with games under way: make drill [OPTIONS="--quick --only redis"]
	@PYTHONPATH=functions $(VENV)/python -m tests.drill $(OPTIONS)

contract: setup ## Schemathesis on the local stack, by the OpenAPI document: make contract [EXAMPLES=40] [SEED=]
	@PYTHONPATH=functions $(VENV)/python -m tests.contract $(if $(EXAMPLES),--examples $(EXAMPLES)) $(if $(SEED),--seed $(SEED))

fuzz: setup ## Damaged PGN for the reader, which must take or refuse it: make fuzz [COUNT=100000] [SEED=]
	@PYTHONPATH=functions $(VENV)/python -m tests.fuzz.pgn_reader $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED))

load: setup ## Simulated users, from sign-up to export: make load [OPTIONS="--users 6 --per-minute 12 --minutes 2"]
	@PYTHONPATH=functions $(VENV)/python -m tests.load $(OPTIONS)

bench: setup build ## All benches below and one table of them, an hour on an idle machine: make bench [OPTIONS="--quick --only main peers"]
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.all $(OPTIONS)

bench-main: setup ## The whole system's times as ratios to the bare engine (takes minutes; wants an idle machine)
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.main_job

trace-first-result: setup ## Where each millisecond to the first result goes: make trace-first-result [OPTIONS="--runs 9"]
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.first_result $(OPTIONS)

dead-letters: setup ## List the analyses that were given up, or start them again: make dead-letters [REDRIVE="id id"|all]
	@$(VENV)/knight-vision operations $(if $(REDRIVE),redrive $(if $(filter all,$(REDRIVE)),--all,$(REDRIVE)),dead-letters)

bench-routes: setup ## Calls that each route makes, and the time of a status at 50 a second: make bench-routes [OPTIONS="--quick"]
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.routes.main $(OPTIONS)

bench-queue: setup ## The queue's speed beside other queues': make bench-queue [OPTIONS="--quick --awake --only-ours"]
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.queue.main $(OPTIONS)

bench-peers: setup ## PGN to report beside a bare pipe and other analysers: make bench-peers [OPTIONS="--quick --only-ours --game file.pgn"]
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.peers.main $(OPTIONS)

motif-report: setup ## Measure the motif detector on labelled positions: make motif-report DATA=file.csv
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.motif_report $(if $(DATA),"$(DATA)")

bench-engine: setup ## The engine adapter beside a plain pipe, and the engine's build beside a plain one
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.engine

bench-cold-start: setup build ## What a new environment costs before its first request, on the built artifacts
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.cold_start

bench-report: setup ## What a report costs beside the engine, on one core
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.report

bench-burst: setup ## Real games at once on this machine beside the simulation: make bench-burst [GAMES=100] [OPTIONS=]
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.burst.measure $(if $(GAMES),--games $(GAMES)) $(OPTIONS)

simulate-burst: setup ## Time and price of 1 to 1,000,000 games at once on AWS: make simulate-burst [OPTIONS="--limit 3000"]
	@PYTHONPATH=functions $(VENV)/python -m tests.bench.burst.simulate $(OPTIONS)

openapi: setup ## Write docs/openapi.json anew, after a change of the HTTP API
	@PYTHONPATH=functions $(VENV)/python -m tests.support.openapi_document > /dev/null

format: setup ## Format the Python code
	@$(VENV)/ruff check --fix-only . && $(VENV)/ruff format .

build: setup ## Build what is deployed, for python3.13: make build [ARCH=x86_64|arm64]
	@sh infra/build.sh $(ARCH)
	@# For this machine's processor, the local stack then uses the layer's engine too.
	@if [ "$(ARCH)" = "$(HOST_ARCH)" ]; then $(MAKE) -s -C layers/stockfish local; fi

deploy: setup ## Check, build, migrate the database, deploy and try: make deploy ENV=name [ARCH=x86_64|arm64]
	@sh infra/deploy.sh "$(ENV)" $(ARCH)

lock: setup ## Pin the functions' packages anew from layers/dependencies/requirements.in
	@sh infra/lock.sh

clean: ## Remove everything that the commands above made
	rm -rf .venv .tools .local .aws-sam out infra/local/node_modules clients/web/node_modules clients/web/dist
