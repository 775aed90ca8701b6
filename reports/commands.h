/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * commands.h - the commands of skarva-publish. Each gets the whole command line, prints what it did
 * on standard output, and returns a status whose exit code main.c documents.
 */
#ifndef SKA_REPORTS_COMMANDS_H
#define SKA_REPORTS_COMMANDS_H

#include "reports/options.h"

enum ska_status command_init(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_new(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_open(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_revise(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_status(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_close(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_reopen(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_collect(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_preview(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_sign(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_ledger(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_publish(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_announce(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_population(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_about(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;
enum ska_status command_export(const struct options *o, struct ska_error *err) SKA_MUST_CHECK;

#endif
