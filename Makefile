# Each target first gives the machine what it needs (.ci/bootstrap.sh), which costs nothing once it is there.
#   make test ARGS="-k picker"            more words for the program or for pytest
#   make run PYTHON=/path/to/python3.12   which interpreter .venv is made with
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PYTHON
bin := .venv/bin
workers ?= 2
ARGS ?=

.PHONY: help
help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: run demo test
run: set-up-run ## set up this machine, then open the panel
	$(bin)/python -m panel $(ARGS)

demo: set-up-demo ## the main job on small windows of its own, on a virtual display where there is none
	$(bin)/python -m panel demo $(ARGS)

test: lint types rooms ## set up this machine, then all checks and all tests
	$(bin)/python -m pytest -n $(workers) --dist loadgroup $(ARGS)

.PHONY: pictures
pictures: set-up-test ## photograph every view into docs/pictures
	$(bin)/python -m tests.pictures $(ARGS)

.PHONY: bench
bench: set-up-test ## the promised figures, measured on windows of its own (ARGS=calibration for one suite)
	$(bin)/python -m bench $(ARGS)

.PHONY: soak
soak: set-up-test ## ten minutes of faults on windows of its own, judged by them (ARGS="--seconds 60 --seed 7")
	$(bin)/python -m bench.soak $(ARGS)

.PHONY: lint types rooms format
lint: set-up-test ## ruff: rules and layout
	$(bin)/ruff check
	$(bin)/ruff format --check

types: set-up-test ## mypy --strict
	$(bin)/mypy

rooms: set-up-test ## import-linter: who may import whom
	$(bin)/lint-imports --no-cache

format: set-up-test ## mend what ruff can mend
	$(bin)/ruff check --fix
	$(bin)/ruff format

.PHONY: lock clean
lock: ## write the lock files from pyproject.toml (ARGS=--upgrade takes newer versions)
	.ci/lock.sh $(ARGS)

clean: ## remove .venv, caches and builds
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: set-up-run set-up-demo set-up-test
set-up-run set-up-demo set-up-test:
	@.ci/bootstrap.sh $(@:set-up-%=%)
