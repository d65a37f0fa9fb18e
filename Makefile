# Everything a person does with the source, on Debian 12. What is missing is installed by scripts/setup.
#   make run     build, assess the capture that the project ships, say where the report lies
#   make test    build and run all tests; the last line is "N passed, N failed"
#   make build   the optimised program: build/release/bedrail
#   make bench   measure against tcpdump, ndpiReader and tshark: bench/RESULTS.md
#   make fuzz    build all fuzz targets and run each for FUZZ_SECONDS (10)
#   make check   formatting and clang-tidy
#   make install the program, its knowledge, manual and completions under PREFIX (/usr/local); DESTDIR as usual
.DEFAULT_GOAL := build
.PHONY: build run test bench fuzz check format install clean

CAPTURE ?= captures/ward/ward.pcapng
OUTPUT ?= build/ward
FUZZ_SECONDS ?= 10
PREFIX ?= /usr/local

build:
	@scripts/setup build
	@scripts/build release bedrail

run: build
	@build/release/bedrail assess $(CAPTURE) -o $(OUTPUT)

test: build
	@scripts/setup test
	@scripts/build asan
	@python3 tests/run

bench: build
	@scripts/setup bench
	@scripts/build bench bench_captures bench_pipeline
	@bench/run

fuzz:
	@scripts/setup build test
	@scripts/fuzz $(FUZZ_SECONDS)

check:
	@scripts/setup build test
	@scripts/check

format:
	@git ls-files '*.h' '*.cpp' | xargs clang-format-16 -i

install: build
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" scripts/install build/release/bedrail

clean:
	rm -rf build
