/*
 * words.h - what things are called, where programs read or write them: in
 * options, in JSON. People are told in words of their own (out_plan.c).
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "engine/apply.h"
#include "model/entry.h"
#include "model/plan.h"

/* As the config spells them, in the order of its enumerations; NULL ends. */
extern const char *const words_direction[];
extern const char *const words_policy[];

/* In the order of enum plan_take; NULL ends. */
extern const char *const words_take[];

const char *words_op(enum plan_op op);
const char *words_to(enum plan_to to);
const char *words_reason(enum plan_reason reason);
const char *words_type(uint8_t type); /* enum entry_type */
const char *words_kind(enum plan_kind kind);
const char *words_resolution(enum plan_resolution r); /* NULL: unresolved */
const char *words_skip(enum plan_skip why);
const char *words_side(enum side side);
const char *words_status(enum apply_status status);

#endif
