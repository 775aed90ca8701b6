# SPDX-License-Identifier: EUPL-1.2
# Makefile - builds, tests and installs Skarva. `make help` lists the targets.
#
#   BUILD=release|asan|cov|analyze|ctime|fuzz|memcheck   picks the kind; objects go to build/<kind>/
#   V=1 shows commands; CC, CFLAGS, LDFLAGS, DESTDIR and PREFIX are yours.

BUILD ?= release
PREFIX ?= /usr/local
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
SAY := @$(if $(QUIET),:,echo)
B := build/$(BUILD)

PACKAGES_PC := libcrypto libssl sqlite3 libevent libevent_openssl jansson libcurl libseccomp
PC := $(shell command -v pkg-config 2>/dev/null)
pc = $(if $(PC),$(shell pkg-config $(1) 2>/dev/null))
isystem = $(patsubst -I%,-isystem %,$(1))

EXTERNAL_CFLAGS := -isystem /usr/include/decaf $(call isystem,$(call pc,--cflags $(PACKAGES_PC)))
LIBS_CRYPTO := -ldecaf $(call pc,--libs libcrypto)
LIBS_CHECK := $(call pc,--libs check)

# --- compiler flags ---------------------------------------------------------------------------------------------------
probe = $(shell echo 'int x;' | $(CC) -Werror $(1) -x c -c -o /dev/null - 2>/dev/null && echo $(1))
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes \
    -Wformat=2 -Wvla -Wundef -Wcast-qual -Wwrite-strings -Wnull-dereference -Wimplicit-fallthrough \
    $(call probe,-Wlogical-op) $(call probe,-Wduplicated-cond) $(call probe,-Wduplicated-branches) \
    $(call probe,-Wjump-misses-init) $(call probe,-Wtrampolines) \
    -Werror=implicit -Werror=incompatible-pointer-types -Werror=int-conversion -Werror=format-security \
    -Werror=unused-result -Werror=return-type -Werror=switch
HARDENING := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection \
    $(call probe,-fcf-protection=full) $(call probe,-ftrivial-auto-var-init=zero) -fno-delete-null-pointer-checks \
    $(call probe,-fno-strict-overflow) -fno-strict-aliasing
LINK_HARDENING := -pie -Wl,-z,relro,-z,now,-z,noexecstack

KIND_release := -O2 -g $(HARDENING)
KIND_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined -DSKA_SANITIZED
KIND_cov := -O0 -g --coverage -DSKA_SANITIZED
KIND_analyze := -O1 -g -fanalyzer
KIND_ctime := -O2 -g $(HARDENING) -DSKA_CTIME
# For valgrind, which makes system calls of its own: not confined.
KIND_memcheck := -O1 -g -fno-omit-frame-pointer -DSKA_SANITIZED
KIND_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -DSKA_SANITIZED
LINK_release := $(LINK_HARDENING)
LINK_asan := -fsanitize=address,undefined
LINK_cov := --coverage
LINK_ctime := $(LINK_HARDENING)
LINK_fuzz := -fsanitize=fuzzer,address,undefined
KINDS := release asan cov analyze ctime fuzz memcheck
$(if $(filter $(KINDS),$(BUILD)),,$(error BUILD=$(BUILD) is not one of $(KINDS)))

CFLAGS ?=
ALL_CFLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -fPIE -pthread -I. $(WARNINGS) $(if $(CI),-Werror) $(KIND_$(BUILD)) $(EXTERNAL_CFLAGS) $(CFLAGS)
ALL_LDFLAGS := -pthread $(LINK_$(BUILD)) $(LDFLAGS)

# --- what is built from what ------------------------------------------------------------------------------------------
src = $(sort $(wildcard $(1)/*.c $(1)/*/*.c))
obj = $(patsubst %.c,$(B)/%.o,$(1))

CRYPTO_A := $(B)/libskarva-crypto.a
PROTOCOL_A := $(B)/libskarva-protocol.a
SUPPORT_A := $(B)/libskarva-support.a
OBJ_client := $(call obj,$(call src,client))
OBJ_server := $(call obj,$(call src,server))
OBJ_reports := $(call obj,$(call src,reports))
OBJ_audit := $(call obj,$(call src,audit))
OBJ_witness := $(call obj,$(call src,witness))
OBJ_fetch := $(call obj,$(call src,fetch))
OBJ_watch := $(call obj,$(call src,watch))

# Has no .pc file: looked for when something is to be linked with it.
LIBS_glpk = $(if $(shell echo 'int main(void) { return 0; }' | $(CC) -x c -o /dev/null - -lglpk 2>/dev/null && echo 1),-lglpk,\
    $(error GLPK is missing: install libglpk-dev, or run tools/setup))
LIBS_protocol := $(call pc,--libs jansson)
LIBS_client := $(call pc,--libs libcurl) -lcsv
LIBS_server := $(call pc,--libs libevent libevent_openssl libssl sqlite3 libseccomp)
LIBS_reports = $(call pc,--libs libcurl) -lcsv $(LIBS_glpk) -lm
LIBS_witness := $(call pc,--libs libevent libevent_openssl libssl)
LIBS_fetch := $(call pc,--libs libcurl)
LIBS_watch := $(call pc,--libs libcurl)

PROGRAMS := $(B)/skarva $(B)/skarvad $(B)/skarva-publish $(B)/skarva-audit $(B)/skarva-audit-witness \
    $(B)/skarva-audit-fetch $(B)/skarva-audit-watch

.DEFAULT_GOAL := all
.PHONY: all
all: $(PROGRAMS)

# `skarva watch` is the same code as `skarva-audit watch`.
$(B)/skarva: $(OBJ_client) $(filter-out %/main.o,$(OBJ_watch)) $(SUPPORT_A) $(PROTOCOL_A) $(CRYPTO_A)
$(B)/skarva: LIBS := $(LIBS_client)
$(B)/skarvad: $(OBJ_server) $(SUPPORT_A) $(PROTOCOL_A) $(CRYPTO_A)
$(B)/skarvad: LIBS := $(LIBS_server)
# The second signer has the draft audited, by the auditor's own code, before signing.
$(B)/skarva-publish: $(OBJ_reports) $(filter-out %/main.o,$(OBJ_audit)) $(SUPPORT_A) $(PROTOCOL_A) $(CRYPTO_A)
$(B)/skarva-publish: LIBS = $(LIBS_reports)
$(B)/skarva-audit: $(OBJ_audit) $(PROTOCOL_A) $(CRYPTO_A)
# What `skarva-audit witness` and `skarva-audit watch` become: the auditor itself is linked with no network.
$(B)/skarva-audit-witness: $(OBJ_witness) $(SUPPORT_A) $(PROTOCOL_A) $(CRYPTO_A)
$(B)/skarva-audit-witness: LIBS := $(LIBS_witness)
# What it runs to fetch a bundle from an address.
$(B)/skarva-audit-fetch: $(OBJ_fetch) $(SUPPORT_A) $(PROTOCOL_A) $(CRYPTO_A)
$(B)/skarva-audit-fetch: LIBS := $(LIBS_fetch)
$(B)/skarva-audit-watch: $(OBJ_watch) $(SUPPORT_A) $(PROTOCOL_A) $(CRYPTO_A)
$(B)/skarva-audit-watch: LIBS := $(LIBS_watch)

$(PROGRAMS):
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS) $(LIBS_protocol) $(LIBS_CRYPTO)

$(CRYPTO_A): $(call obj,$(call src,crypto))
$(PROTOCOL_A): $(call obj,$(call src,protocol))
$(SUPPORT_A): $(call obj,$(call src,support))
%.a:
	$(SAY) "  AR    $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(SAY) "  CC    $<"
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# --- tests ------------------------------------------------------------------------------------------------------------
# tests/unit/<part>/test_*.c is one Check program each, linked with that part and all below it. tests/kat and tests/ctime
# and tests/bench link with crypto/ and protocol/.
TESTS := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/unit/*/test_*.c tests/kat/test_*.c tests/fault/test_*.c tests/tamper/test_*.c)))
BENCHES := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/bench/bench_*.c)))
TOOLS := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/e2e/tool_*.c tests/tamper/tool_*.c tests/bench/tool_*.c tests/readers/tool_*.c tests/browser/tool_*.c tests/ctime/ctime_*.c demo/synthetic.c)))

part_of = $(word 4,$(subst /, ,$(1)))
no_main = $(filter-out %/main.o,$(1))
$(B)/tests/e2e/tool_%: LIBS = -lcsv
$(B)/tests/e2e/tool_log $(B)/tests/e2e/tool_receipt: $(SUPPORT_A)
$(B)/tests/bench/tool_%: LIBS = $(call pc,--libs libcurl)
$(filter $(B)/tests/bench/tool_%,$(TOOLS)): $(SUPPORT_A)
$(B)/tests/bench/tool_history $(B)/tests/bench/tool_hidden: LIBS = $(LIBS_reports)
$(B)/tests/bench/tool_history $(B)/tests/bench/tool_hidden: $(call no_main,$(OBJ_reports) $(OBJ_audit))
$(B)/tests/readers/tool_%: LIBS = $(LIBS_reports)
$(filter $(B)/tests/readers/tool_%,$(TOOLS)): $(call no_main,$(OBJ_reports) $(OBJ_audit)) $(SUPPORT_A)
$(B)/tests/browser/tool_%: LIBS = $(LIBS_reports)
$(filter $(B)/tests/browser/tool_%,$(TOOLS)): $(call no_main,$(OBJ_reports) $(OBJ_audit)) $(SUPPORT_A)
$(B)/tests/unit/client/%: LIBS = $(LIBS_client)
$(B)/tests/fault/test_client%: LIBS = $(LIBS_client)
$(B)/tests/unit/server/%: LIBS = $(LIBS_server)
$(B)/tests/unit/reports/%: LIBS = $(LIBS_reports)
$(B)/tests/unit/witness/%: LIBS = $(LIBS_witness)
$(B)/tests/unit/watch/%: LIBS = $(LIBS_watch)
$(filter $(B)/tests/unit/client/% $(B)/tests/fault/test_client%,$(TESTS)): $(call no_main,$(OBJ_client) $(OBJ_watch)) $(SUPPORT_A)
$(filter $(B)/tests/unit/server/%,$(TESTS)): $(call no_main,$(OBJ_server)) $(SUPPORT_A)
# Faults below SQLite (tests/fault/lossy.h) need the server, and allocations as they are.
$(B)/tests/fault/test_store%: LIBS = $(LIBS_server)
$(filter $(B)/tests/fault/test_store%,$(TESTS)): $(call no_main,$(OBJ_server)) $(SUPPORT_A)
$(B)/tests/fault/test_server%: LIBS = $(LIBS_server)
$(filter $(B)/tests/fault/test_server%,$(TESTS)): $(call no_main,$(OBJ_server)) $(SUPPORT_A)
$(filter $(B)/tests/unit/reports/%,$(TESTS)): $(call no_main,$(OBJ_reports) $(OBJ_audit)) $(SUPPORT_A)
# The attack by slices asks the data interface, which is the server's.
$(B)/tests/unit/reports/test_attacks_site: $(call obj,$(wildcard server/front/pxweb*.c))
$(filter $(B)/tests/unit/audit/% $(B)/tests/fault/test_audit%,$(TESTS)): $(call no_main,$(OBJ_audit))
$(filter $(B)/tests/unit/support/%,$(TESTS)): $(SUPPORT_A)
$(filter $(B)/tests/unit/witness/%,$(TESTS)): $(call no_main,$(OBJ_witness)) $(SUPPORT_A)
$(filter $(B)/tests/unit/watch/%,$(TESTS)): $(call no_main,$(OBJ_watch)) $(SUPPORT_A)
# tests/tamper: its programs share the other files of the folder, and use the auditor's own functions.
TAMPER := $(filter-out tests/tamper/test_% tests/tamper/tool_%,$(wildcard tests/tamper/*.c))
$(filter $(B)/tests/tamper/%,$(TESTS) $(TOOLS)): $(call obj,$(TAMPER)) $(call no_main,$(OBJ_audit))
# Provers that leave something out of the transcript (weak.c).
$(filter $(B)/tests/tamper/%,$(TESTS) $(TOOLS)): ALL_LDFLAGS += -Wl,--wrap=ska_transcript_init,--wrap=ska_transcript_absorb \
    -Wl,--wrap=ska_transcript_absorb_u64,--wrap=ska_transcript_absorb_point,--wrap=ska_transcript_absorb_scalar \
    -Wl,--wrap=ska_transcript_item_begin
# and the publisher's gate, which makes the certificate.
$(filter $(B)/tests/tamper/%,$(TESTS) $(TOOLS)): $(call obj,$(wildcard reports/disclosure/gate*.c))
$(B)/tests/tamper/%: LIBS = $(LIBS_glpk)
$(B)/tests/tamper/test_fetch: $(call obj,reports/log_fetch.c reports/log_cache.c) $(SUPPORT_A)
$(B)/tests/tamper/test_rule_twice $(B)/tests/tamper/test_groups $(B)/tests/tamper/test_year_groups $(B)/tests/tamper/test_told: $(call obj,$(wildcard reports/disclosure/disclosure*.c)) $(SUPPORT_A)
$(filter $(B)/tests/unit/support/%,$(TESTS)): LIBS = $(call pc,--libs libcurl libssl)

# Our own code's allocations go through tests/fault/fault.h, which makes the n-th of them fail.
$(filter-out $(B)/tests/fault/test_store%,$(filter $(B)/tests/fault/%,$(TESTS))): ALL_LDFLAGS += \
    -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=posix_memalign,--wrap=strdup,--wrap=free

# Corrections: the rule that too few changes are refused can be switched off in one server or both.
$(B)/tests/unit/server/test_aggregator_correct $(B)/tests/unit/server/test_aggregator_passed: \
    ALL_LDFLAGS += -Wl,--wrap=ska_changes_judge,--wrap=ska_passed_judge,--wrap=ska_passed_judge_back

$(B)/demo/synthetic: $(call obj,$(wildcard demo/synthetic_*.c))

$(TESTS) $(BENCHES) $(TOOLS): $(B)/%: $(B)/%.o $(PROTOCOL_A) $(CRYPTO_A)
	$(SAY) "  LINK  $@"
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $< $(filter-out $<,$(filter %.o,$^)) $(filter $(SUPPORT_A),$^) $(PROTOCOL_A) $(CRYPTO_A) \
	    $(LIBS) $(LIBS_protocol) $(LIBS_CRYPTO) $(LIBS_CHECK) -lm

.PHONY: tests benches test-tools
tests: $(TESTS)
benches: $(BENCHES)
test-tools: $(TOOLS)
.SECONDARY:

# What `make test` runs: every Check program, the constant-time programs under memcheck, the replay of fuzz seeds, and the
# scripts in tests/e2e and tests/tamper. The runner counts; its last line is the verdict.
TEST_SCRIPTS := $(sort $(wildcard tests/e2e/test_*.sh tests/ctime/test_*.sh tests/fuzz/test_*.sh tests/browser/test_*.sh tests/readers/test_*.sh tests/second/test_*.sh tests/verifier/test_*.sh tests/tamper/test_*.sh))
# Begun first, so that nothing waits for them at the end.
LONG_SCRIPTS := tests/e2e/test_year.sh tests/tamper/test_suite.sh tests/browser/test_pages.sh tests/second/test_second.sh tests/e2e/test_swedish.sh
TEST_JOBS ?= $(shell nproc)

.PHONY: test run-tests check
test:
	@tools/setup test
	@echo "Building ..."
	@$(MAKE) --no-print-directory -j$(shell nproc) QUIET=1 all tests test-tools replays
	@$(MAKE) --no-print-directory run-tests
run-tests: all tests test-tools replays
	@tests/run --jobs $(TEST_JOBS) $(LONG_SCRIPTS) $(TESTS) $(REPLAYS) $(filter-out $(LONG_SCRIPTS),$(TEST_SCRIPTS))
# Readers written by others, in Python, from the network; node's are part of `make test` where npm has installed them.
.PHONY: test-readers
test-readers: all test-tools
	@tests/readers/run
# Others' programs for public logs, in Go, from the network.
.PHONY: test-peers
test-peers: all $(B)/tests/e2e/tool_log $(B)/demo/synthetic
	@tests/peers/run
# The pages in a real browser (tests/browser); without chromium and the node modules `make test` lists it as skipped.
.PHONY: browser-modules test-browser run-test-browser
browser-modules:
	@tools/setup browser
	@cd tests/browser && { [ -d node_modules/playwright-core ] || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; }
test-browser: browser-modules
	@$(MAKE) --no-print-directory -j$(shell nproc) QUIET=1 $(B)/tests/browser/tool_site
	@$(MAKE) --no-print-directory run-test-browser
run-test-browser:
	@tests/run --jobs 1 tests/browser/test_pages.sh
# The second verifier, TypeScript (verifier/): one file, the same bytes everywhere, whose hash is in the tree. HASH=1 writes the hash anew.
.PHONY: verifier verifier-modules test-verifier
verifier-modules:
	@tools/setup verifier
	@cd verifier && { [ -d node_modules/esbuild ] || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error; }
verifier: verifier-modules
	@cd verifier && node_modules/.bin/tsc --project .
	@node verifier/build.mjs build/verifier
	@$(if $(HASH),cd build/verifier && sha256sum verifier.mjs check/* >../../verifier/verifier.sha256)
	@cd build/verifier && sha256sum --check ../../verifier/verifier.sha256
test-verifier: verifier-modules
	@$(MAKE) --no-print-directory -j$(shell nproc) QUIET=1 all $(B)/tests/tamper/tool_bundle $(B)/tests/tamper/tool_suite $(B)/tests/tamper/tool_log_suite $(B)/tests/tamper/tool_log
	@tests/run --jobs $(TEST_JOBS) tests/tamper/test_suite.sh $(sort $(wildcard tests/verifier/test_*.sh))
# The must-fail suite: every class of cheats everywhere, pairs, 100,000 mutations, both verifiers; quick: some of it, 2,000 mutations.
.PHONY: tamper tamper-quick
tamper tamper-quick:
	@$(MAKE) --no-print-directory -j$(shell nproc) QUIET=1 $(B)/tests/tamper/tool_suite $(B)/tests/tamper/tool_log_suite
	@tests/tamper/suite $(if $(filter tamper-quick,$@),--quick) --jobs $(TEST_JOBS)
# Only the Check programs: seconds, for use while working.
check: tests
	@tests/run --jobs $(TEST_JOBS) $(TESTS)

# Every source as the compiler reads it, with all warnings, and nothing made of it: for tools/lint.
.PHONY: syntax
syntax:
	@git ls-files --cached --others --exclude-standard -- '*.c' | xargs -n 8 -P $(shell nproc) $(CC) $(ALL_CFLAGS) -fsyntax-only

# --- fuzz targets -----------------------------------------------------------------------------------------------------
# tests/fuzz/fuzz_NAME.c may use any part of the tree. With BUILD=fuzz (clang) it becomes a libFuzzer program; in every other
# kind replay_NAME runs it over its seeds in tests/fuzz/corpus/NAME, as part of `make test`.
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZERS := $(FUZZ_NAMES:%=$(B)/tests/fuzz/fuzz_%)
REPLAYS := $(FUZZ_NAMES:%=$(B)/tests/fuzz/replay_%)
# One archive for each part: parts share names of files (home, help, command_init), and in one archive a later member
# replaces an earlier one of its name.
PARTS_A := $(B)/libskarva-client.a $(B)/libskarva-server.a $(B)/libskarva-reports.a $(B)/libskarva-witness.a
$(B)/libskarva-client.a: $(call no_main,$(OBJ_client))
$(B)/libskarva-server.a: $(call no_main,$(OBJ_server))
$(B)/libskarva-reports.a: $(call no_main,$(OBJ_reports))
$(B)/libskarva-witness.a: $(call no_main,$(OBJ_witness))
# The auditor shares names of files and functions with other parts: its targets take its objects themselves.
$(B)/tests/fuzz/fuzz_audit_bundle $(B)/tests/fuzz/fuzz_audit_page $(B)/tests/fuzz/fuzz_audit_trust: $(call no_main,$(OBJ_audit))
$(B)/tests/fuzz/fuzz_publisher_home $(B)/tests/fuzz/fuzz_population $(B)/tests/fuzz/fuzz_groups_file: $(call no_main,$(OBJ_reports) $(OBJ_audit))
$(B)/tests/fuzz/replay_audit_bundle $(B)/tests/fuzz/replay_audit_page $(B)/tests/fuzz/replay_audit_trust: $(call no_main,$(OBJ_audit))
$(B)/tests/fuzz/replay_publisher_home $(B)/tests/fuzz/replay_population $(B)/tests/fuzz/replay_groups_file: $(call no_main,$(OBJ_reports) $(OBJ_audit))
LINK_FUZZ = $(Q)$(CC) $(ALL_LDFLAGS) -Wl,--as-needed -o $@ $(filter %.o,$^) $(PARTS_A) $(SUPPORT_A) $(PROTOCOL_A) $(CRYPTO_A) \
    $(LIBS_client) $(LIBS_server) $(LIBS_reports) $(LIBS_audit) $(LIBS_protocol) $(LIBS_CRYPTO) -lm

$(FUZZERS): $(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(PARTS_A) $(SUPPORT_A) $(PROTOCOL_A) $(CRYPTO_A)
	$(SAY) "  LINK  $@"
	$(LINK_FUZZ)
$(REPLAYS): $(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(PARTS_A) $(SUPPORT_A) $(PROTOCOL_A) $(CRYPTO_A)
	$(SAY) "  LINK  $@"
	$(LINK_FUZZ)
$(B)/tests/fuzz/seeds: $(B)/tests/fuzz/seeds.o $(PARTS_A) $(SUPPORT_A) $(PROTOCOL_A) $(CRYPTO_A)
	$(SAY) "  LINK  $@"
	$(LINK_FUZZ)

.PHONY: fuzz fuzz-targets fuzz-seeds fuzz-bundle replays
replays: $(REPLAYS)
fuzz-targets: $(FUZZERS)
fuzz-seeds: $(B)/tests/fuzz/seeds
	$<
# The bundles among the seeds, whose proofs are other bytes each time: run when a format in them has changed.
fuzz-bundle: $(B)/tests/tamper/tool_bundle
	$< $(B)/tests
	cp $(B)/tests/logged.bundle tests/fuzz/corpus/audit_bundle/good
	head -c 9000 $(B)/tests/small.bundle >tests/fuzz/corpus/audit_bundle/cut
	cp $(B)/tests/year.bundle tests/fuzz/corpus/audit_bundle/year
fuzz:
	@tools/setup nightly
	@$(MAKE) --no-print-directory CC=clang BUILD=fuzz fuzz-targets
	@tests/fuzz/run build/fuzz $(FUZZ_NAMES:%=build/fuzz/tests/fuzz/fuzz_%)

.PHONY: demo run-demo
demo:
	@tools/setup build
	@$(MAKE) --no-print-directory run-demo
run-demo:
	@echo "Building ..."
	@$(MAKE) --no-print-directory -s -j$(shell nproc) QUIET=1 all $(B)/demo/synthetic
	@demo/run

.PHONY: bench run-bench
bench:
	@tools/setup bench
	@$(MAKE) --no-print-directory verifier browser-modules || \
	    echo "SKIP browser_audit_national_s: wants node, chromium and their modules, from Debian, npm and the network"
	@$(MAKE) --no-print-directory -j$(shell nproc) QUIET=1 all benches test-tools
	@$(MAKE) --no-print-directory run-bench
run-bench: all benches test-tools
	@$(B)/tests/bench/bench_crypto --json build/bench-crypto.json
	@tests/bench/national build/bench-national.json
	@tests/bench/static build/bench-static.json
	@tests/bench/publish build/bench-publish.json
	@tests/bench/receipt build/bench-receipt.json
	@tests/bench/increment build/bench-increment.json
	@$(B)/tests/bench/tool_merge build/bench.json build/bench-crypto.json build/bench-national.json \
	    build/bench-static.json build/bench-publish.json build/bench-receipt.json build/bench-increment.json
	@$(B)/tests/bench/tool_plot build/bench.json build/bench.svg

.PHONY: lint nightly
lint:
	@tools/setup lint
	@tools/lint
nightly:
	@tools/nightly

# --- installing -------------------------------------------------------------------------------------------------------
BIN := $(DESTDIR)$(PREFIX)/bin
SHARE := $(DESTDIR)$(PREFIX)/share/skarva
DOC := $(DESTDIR)$(PREFIX)/share/doc/skarva
MAN := $(DESTDIR)$(PREFIX)/share/man
# The manual pages, made from what the programs say with --help; they are kept, so that installing needs no Python.
.PHONY: man
man: all
	tools/man_pages $(B) docs/man

.PHONY: install uninstall
install: all
	install -d $(BIN) $(SHARE)/catalogues/groups $(SHARE)/catalogues/contributors $(DOC)/docs/decisions $(DOC)/docs/pages
	install -m 0755 $(PROGRAMS) $(BIN)
	install -m 0644 catalogues/*.json $(SHARE)/catalogues
	install -m 0644 catalogues/groups/*.json $(SHARE)/catalogues/groups
	install -m 0644 catalogues/contributors/*.csv $(SHARE)/catalogues/contributors
	install -m 0644 README.md LICENSE CHANGELOG.md SECURITY.md CONTRIBUTING.md $(DOC)
	install -m 0644 docs/*.md docs/*.svg $(DOC)/docs
	install -m 0644 docs/decisions/*.md $(DOC)/docs/decisions
	install -m 0644 docs/pages/* $(DOC)/docs/pages
	install -d $(MAN)/man1 $(MAN)/man8 $(MAN)/sv/man1 $(MAN)/sv/man8
	install -m 0644 docs/man/*.1 $(MAN)/man1
	install -m 0644 docs/man/*.8 $(MAN)/man8
	install -m 0644 docs/man/sv/*.1 $(MAN)/sv/man1
	install -m 0644 docs/man/sv/*.8 $(MAN)/sv/man8
uninstall:
	rm -f $(addprefix $(BIN)/,$(notdir $(PROGRAMS)))
	rm -f $(addprefix $(MAN)/,$(patsubst docs/man/%.1,man1/%.1,$(patsubst docs/man/%.8,man8/%.8,$(wildcard docs/man/*.[18]))))
	rm -f $(addprefix $(MAN)/sv/,$(patsubst docs/man/sv/%.1,man1/%.1,$(patsubst docs/man/sv/%.8,man8/%.8,$(wildcard docs/man/sv/*.[18]))))
	rm -rf $(SHARE) $(DOC)

.PHONY: help
help:
	@echo "make demo      one county's quarters, end to end, on this machine (ONCE=1: end after the audit)"
	@echo "make test      all tests; the last line counts them"
	@echo "make test-browser  the pages in Chromium: accessibility, numbers, keyboard, print"
	@echo "make test-peers    the witness and the log beside others' programs; wants Go and the network"
	@echo "make verifier  the second verifier, build/verifier/verifier.mjs; wants node"
	@echo "make test-verifier  the same verdict as skarva-audit's, on good bundles and on every cheat"
	@echo "make tamper    the must-fail suite: every way to cheat, in pairs too, and 100,000 mutations; make tamper-quick: in short"
	@echo "make man       the manual pages anew, from the programs' help"
	@echo "make check     only the Check programs, in seconds"
	@echo "make bench     figures into build/bench.json"
	@echo "make lint      format, includes, warnings, static analysis"
	@echo "make fuzz      every fuzz target for FUZZ_SECONDS (5) each, at most FUZZ_TOTAL (120) in all; wants clang"
	@echo "make nightly   the long runs"
	@echo "make install   PREFIX=$(PREFIX), DESTDIR honoured"

.PHONY: clean
clean:
	rm -rf build
