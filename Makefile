# The commands of this site; "make help" lists them.
#
# Everything is installed into .venv, from the pinned files in requirements/, and only when
# one of these files has changed. GNU Make 3.81, which macOS has, is enough.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
# Under "make -j" two commands would install into one .venv or write one doctree folder.
.NOTPARALLEL:

# The Python to make .venv with. Empty: the first one found that is new enough.
PYTHON ?=
# Where "make html" puts the site.
HTML := _build/html
# The port of "make live".
PORT := 8000
# Further arguments for the command that is run.
ARGS :=

PY := .venv/bin/python
# What installs: uv where it is there, else the pip that comes with Python. The pins name
# every package, and Python compiles a module when it is imported first.
UV := $(shell command -v uv 2>/dev/null)
PIP := $(if $(UV),$(UV) pip install --quiet --python $(PY),\
    $(PY) scripts/run_pip.py install --no-compile)
INSTALL := $(PIP) --no-build-isolation --no-deps
SPHINX := $(PY) -m sphinx -n -W --keep-going -T -d _build/doctrees
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 \
    --fork-strategy fewest --generate-hashes --custom-compile-command "make requirements"

# Packages outside .venv would take the place of the pinned ones. Nothing is compiled when
# it is installed, so without its compiled modules each command would compile all of them.
unexport PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE
export PYTHONNOUSERSITE := 1
# A locale that is named and not installed, as over ssh, ends Sphinx in an error. Without
# UTF-8, Python 3.11 does not start where the checkout's path has other letters than ASCII.
C_UTF_8 := $(filter UTF-8,$(shell LC_ALL=C.UTF-8 locale charmap 2>/dev/null))
export LC_ALL := $(if $(C_UTF_8),C.UTF-8,C)
# At anything else Sphinx ends in a traceback, before it comes to the engine.
ifneq ($(origin SOURCE_DATE_EPOCH),undefined)
ifeq ($(shell printf %s "$$SOURCE_DATE_EPOCH" | grep -Ex '[0-9]{1,11}'),)
$(error SOURCE_DATE_EPOCH is "$(SOURCE_DATE_EPOCH)"; write seconds since 1970, or unset it)
endif
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_USER := 0

##@ For everybody

.PHONY: html
html: .venv/.package ## Build the site, strictly, into _build/html
	$(SPHINX) -b html $(ARGS) . "$(HTML)"
	@$(PY) -c 'import pathlib, sys; page = pathlib.Path(sys.argv[1], "index.html"); \
	    print("\nOpen", page.resolve().as_uri())' "$(HTML)"
	@echo 'or serve it: $(PY) -m http.server --bind 127.0.0.1 --directory $(HTML)'

.PHONY: live
live: .venv/.package ## Show the site at 127.0.0.1:8000 and reload it after every change
	$(PY) -m labsite live --port $(PORT) $(ARGS)

.PHONY: check
check: .venv/.package ## Check publications.bib and the pages without building them
	$(PY) -m labsite check $(ARGS)

.PHONY: picture
picture: html .venv/.dev ## Take the picture of the site in README.md anew
	$(PY) scripts/take_picture.py

.PHONY: linkcheck
linkcheck: .venv/.package ## Follow every link that leaves the site
	$(SPHINX) -b linkcheck $(ARGS) . _build/linkcheck

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf _build

##@ For developers

.PHONY: versions
versions: .venv/.dev ## Build and test with other versions: make versions ARGS="--python 3.13"
	$(PY) scripts/try_versions.py $(ARGS)

.PHONY: test
test: .venv/.dev ## Run the tests; some of them: make test ARGS="-k words"
	$(PY) -m pytest -n auto --dist worksteal $(ARGS)

.PHONY: lint
lint: .venv/.dev ## Check the style and the types of the code
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(PY) -m scripts.generate_tables --check
	$(PY) -m scripts.update_catalogues --check
	.venv/bin/oxlint --deny-warnings -D correctness -D eqeqeq -D no-var -D no-eval \
	    -A unicorn/prefer-string-starts-ends-with src/labsite/theme
	.venv/bin/zizmor --offline --quiet .github
	$(PY) -c "from importlinter.cli import lint_imports_command as run; run()"

.PHONY: docs
docs: .venv/.dev ## Build the engine's documentation, strictly, into _build/docs
	$(PY) -m sphinx -W --keep-going -b html -d _build/docs/.doctrees docs _build/docs

.PHONY: catalogues
catalogues: .venv/.package ## Bring the labels in other languages up to date with the code
	$(PY) -m scripts.update_catalogues $(ARGS)

.PHONY: docs-tables
docs-tables: .venv/.package ## Write the tables of docs/ that are made from the code
	$(PY) -m scripts.generate_tables $(ARGS)

.PHONY: bench
bench: .venv/.dev ## Time the build beside the same pages without the engine
	$(PY) benchmarks/build.py $(ARGS)

.PHONY: requirements
requirements: .venv/.dev ## Pin what pyproject.toml names; newest: make requirements ARGS=--upgrade
	$(COMPILE) $(ARGS) --group build -o requirements/build.txt
	$(COMPILE) $(ARGS) pyproject.toml -o requirements/site.txt
	$(COMPILE) $(ARGS) pyproject.toml --group dev \
	    -c requirements/site.txt -o requirements/dev.txt
	@git --no-pager diff --unified=0 HEAD -- requirements \
	    | grep -E '^[-+]([a-z0-9]|\+\+ )' || echo 'No version has changed.'

.PHONY: distclean
distclean: clean ## Remove also .venv and every cache
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
	    /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

# The environment. A stamp is written when its step is done. While pip is at work, or after
# it was stopped half-way, .venv/.unfinished is there.

$(PY):
	@sh scripts/create_venv.sh .venv "$(PYTHON)"

.venv/.site: $(PY) requirements/build.txt requirements/site.txt
	@echo 'Installing what the site is built with into .venv'
	@touch .venv/.unfinished
	$(INSTALL) --require-hashes -r requirements/build.txt -r requirements/site.txt
	@rm .venv/.unfinished
	@touch $@

.venv/.package: .venv/.site pyproject.toml
	$(INSTALL) --editable .
	@# Two changes of the bibliography are merged by entries: see .gitattributes.
	@git config merge.labsite.driver '$(PY) -m labsite merge %O %A %B' 2>/dev/null || true
	@pwd -P > $@

.venv/.dev: .venv/.site requirements/dev.txt | .venv/.package
	@echo 'Installing what the tests need into .venv'
	@touch .venv/.unfinished
	$(INSTALL) --require-hashes -r requirements/dev.txt
	@rm .venv/.unfinished
	@touch $@

# A .venv that is unfinished, or whose Python has gone or become another version, is made
# anew. One that was copied or moved with the checkout goes on using the package's old place,
# which .venv/.package holds, until the package is installed again.
ifneq ($(shell test ! -e .venv/.unfinished \
    && $(PY) -I -c 'print("works")' 2>/dev/null),works)
$(PY) .venv/.site: FORCE
else ifneq ($(shell cat .venv/.package 2>/dev/null),$(shell pwd -P))
.venv/.package: FORCE
endif

.PHONY: FORCE
FORCE:
