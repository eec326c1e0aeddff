# Thin over dev.py, for machines that have make. Options: make run ARGS="--port 8080"
.PHONY: run start test check bench help
.DEFAULT_GOAL := help
run start test check bench help:
	@python3 dev.py $@ $(ARGS)
