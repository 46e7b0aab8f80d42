# Each target installs what it needs, once, from locked and hashed requirements, inside this folder only (.venv, .local,
# .aws-sam); `make clean` removes all of it.

.DEFAULT_GOAL := help
SHELL := /bin/sh
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export SAM_CLI_TELEMETRY := 0
# Otherwise SAM and checkov write to the home folder when they last looked for a new version.
export __SAM_CLI_APP_DIR := $(CURDIR)/.aws-sam
export CKV_SKIP_PACKAGE_UPDATE_CHECK := true

VENVS := .local/venvs
BIN := .venv/bin
SAM := $(VENVS)/sam/bin
STACK_VENVS := .venv/demo $(VENVS)/emulator/installed $(VENVS)/sam/installed $(VENVS)/runtime/installed
BROWSER := .local/browser
PRODUCT := layers functions local tests

.PHONY: help
help: ## List the targets
	@grep -h -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# Where the locale is not UTF-8, these print "?" in place of a character that it lacks.
demo serve chaos bench: export PYTHONIOENCODING := :replace

# ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: demo
demo: install-stack ## Run the whole product once on the local stack: no AWS or Zoom account, no Docker
	@$(BIN)/python -m local.demo

.PHONY: serve
serve: install-stack ## Keep the local stack up and print its URLs; SERVE="--port 3000" and more
	@$(BIN)/python -m local.serve $(SERVE)

.PHONY: cli
cli: $(VENVS)/cli/installed ## Install the command `registrar`
	@echo "Installed: $(CURDIR)/$(VENVS)/cli/bin/registrar"
	@echo "Type only \`registrar\` after: export PATH=\"$(CURDIR)/$(VENVS)/cli/bin:\$$PATH\""

# ── Testing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: test
test: lint types browser ## Run all checks and tests
	@echo "Running unit and stack tests side by side (10 minutes on two cores); each prints its results at its end …"
	@$(MAKE) --no-print-directory -j 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync) unit stack
	@$(BIN)/python -m tests.browser.chromium

.PHONY: lint
lint: install-tests $(VENVS)/checkov/installed ## Check style, and the template with SAM, cfn-lint and checkov
	@! git grep -nIwiE 'h[e]|hi[m]|hi[s]' || { echo 'A registrant is "they", an operator "you": docs/glossary.md.' >&2; exit 1; }
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	AWS_DEFAULT_REGION=us-east-1 $(SAM)/sam validate --lint
	$(SAM)/cfn-lint template.yaml
	$(VENVS)/checkov/bin/checkov --file template.yaml --framework cloudformation --compact --quiet --skip-download

.PHONY: types
types: install-tests ## Check types, strictly
	$(BIN)/mypy layers/registrar/registrar cli/registrar_cli local tests/fakes tests/stack tests/consumer.py bench/drain.py bench/costs.py
	for function in accept_submission accept_form registration_page describe_webinar register_batch refresh_token; do \
	  MYPYPATH=layers/registrar:functions/$$function $(BIN)/mypy functions/$$function/*.py || exit 1; \
	done

.PHONY: unit
unit: install-tests install-browser ## Run the tests that need no stack: unit, properties, template
	$(BIN)/pytest tests/unit tests/properties tests/template tests/docs --allow-hosts=127.0.0.1,::1 --durations=10 \
	  --numprocesses auto --dist worksteal

.PHONY: browser
browser: install-tests install-browser ## Run the tests of the pages in a real browser, with axe-core
	$(BIN)/pytest tests/browser --allow-hosts=127.0.0.1,::1 --durations=10

.PHONY: stack
stack: install-tests $(VENVS)/cli/installed ## Run the tests on the local stack
	$(BIN)/pytest tests/stack --durations=10

.PHONY: chaos
chaos: install-tests ## Inject faults everywhere and check that no submission is lost; CHAOS="--seed 7"
	@PYTHONPATH=layers/registrar $(BIN)/python -m tests.chaos $(CHAOS)

.PHONY: bench
bench: install-tests ## Measure the consumer beside its peers; BENCH="--scenario busy-1"
	@PYTHONPATH=layers/registrar:functions/register_batch $(BIN)/python -m bench.drain $(BENCH)

.PHONY: costs
costs: install-tests ## Print what a quiet month and an event cost on AWS; COSTS="--registrants 50000 --minutes 60"
	@PYTHONPATH=layers/registrar $(BIN)/python -m bench.costs $(COSTS)

# ── Installing ───────────────────────────────────────────────────────────────────────────────────────────────────────

.PHONY: install-stack
install-stack:
	@$(MAKE) --no-print-directory --silent -j 4 $(STACK_VENVS)

.PHONY: install-tests
install-tests:
	@$(MAKE) --no-print-directory --silent -j 4 $(STACK_VENVS)
	@$(MAKE) --no-print-directory --silent .venv/tests

# Without npm, the tests in a browser are skipped, and `make test` says so at its end; in CI they fail.
.PHONY: install-browser
install-browser:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory --silent $(BROWSER)/installed; fi

$(BROWSER)/installed: tests/browser/package.json tests/browser/package-lock.json tests/browser/.npmrc
	@echo "Installing a browser and axe-core, once …"
	@rm -rf $(@D) && mkdir -p $(@D) && cp $^ $(@D) && cd $(@D) && npm ci --silent --no-progress
	@touch $@

# The locks are complete, so pip need not resolve dependencies (--no-deps).
# $(1): the environment, $(2): its locked requirements, $(3): what it is for
define make_venv
@python=$$(python3 local/processes/find_python.py) && echo "Installing $(3), once …" && rm -rf $(1) && \
  "$$python" -m venv $(1) && $(1)/bin/python -m pip install -qq --no-deps --require-hashes --requirement $(2)
endef

.venv/demo: local/requirements/demo.txt
	$(call make_venv,.venv,$<,the programs around the stack)
	@touch $@

# On top of the demo's requirements: one environment for an editor.
.venv/tests: tests/requirements/tests.txt .venv/demo
	@echo "Installing the tools for tests, once …"
	@$(BIN)/python -m pip install -qq --no-deps --require-hashes --requirement $<
	@touch $@

$(VENVS)/emulator/installed: local/requirements/emulator.txt
	$(call make_venv,$(@D),$<,the AWS emulator)
	@touch $@

$(VENVS)/sam/installed: local/requirements/sam.txt
	$(call make_venv,$(@D),$<,the SAM CLI)
	@touch $@

$(VENVS)/runtime/installed: local/requirements/runtime.txt
	$(call make_venv,$(@D),$<,the Lambda runtime)
	@touch $@

$(VENVS)/checkov/installed: tests/requirements/checkov.txt
	$(call make_venv,$(@D),$<,checkov)
	@touch $@

# The wheel holds the layer's shared code too: a change in either installs it again.
$(VENVS)/cli/installed: cli/requirements.txt cli/pyproject.toml \
  $(shell find cli/registrar_cli layers/registrar/registrar -name '*.py' -o -name '*.js')
	$(call make_venv,$(@D),$<,the command line)
	@$(@D)/bin/python -m pip install -qq --no-deps --no-build-isolation ./cli
	@touch $@

# ── Keeping ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Versions and hashes, no addresses: each installation uses its own package index. The functions' requirements come
# first and constrain those of the tests.
COMPILE = $(VENVS)/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-header --no-emit-index-url --no-emit-find-links

.PHONY: lock
lock: ## Lock the newest versions of all requirements, with hashes
	@python=$$(python3 local/processes/find_python.py) && "$$python" -m venv $(VENVS)/lock
	@$(VENVS)/lock/bin/python -m pip install --quiet uv
	$(COMPILE) --no-emit-package dnspython layers/registrar/requirements.in --output-file layers/registrar/requirements.txt
	$(COMPILE) --constraint layers/registrar/requirements.txt tests/requirements/tests.in --output-file tests/requirements/tests.txt
	$(COMPILE) --constraint tests/requirements/tests.txt local/requirements/demo.in --output-file local/requirements/demo.txt
	$(COMPILE) --no-emit-package dnspython --constraint tests/requirements/tests.txt cli/requirements.in \
	  --output-file cli/requirements.txt
	$(COMPILE) tests/requirements/checkov.in --output-file tests/requirements/checkov.txt
	for name in emulator sam runtime; do $(COMPILE) local/requirements/$$name.in --output-file local/requirements/$$name.txt || exit 1; done

.PHONY: docs
docs: install-tests ## Write docs/limits.md from limits.py
	$(BIN)/python -m tests.docs.limits_table

.PHONY: clean
clean: ## Remove everything that was installed or built
	rm -rf .venv .local .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
