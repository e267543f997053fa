/*
 * plan_words.h - what a plan's parts are called where programs read them: in
 * JSON, in the log, in the history.
 */
#ifndef MODEL_PLAN_PLAN_WORDS_H
#define MODEL_PLAN_PLAN_WORDS_H

#include <stdint.h>

#include "model/entry.h"
#include "model/plan/plan.h"

const char *plan_op_word(enum plan_op op);
const char *plan_to_word(enum plan_to to);
const char *plan_reason_word(enum plan_reason reason);
const char *plan_type_word(uint8_t type); /* enum entry_type */
const char *plan_kind_word(enum plan_kind kind);
const char *plan_resolution_word(enum plan_resolution r); /* NULL: none */
const char *plan_skip_word(enum plan_skip why);
const char *side_name(enum side side);

#endif
