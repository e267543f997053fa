/*
 * words.h - what options and JSON call things that are not the plan's
 * (model/plan/plan_words.h has those). People are told in words of their own.
 */
#ifndef CLI_OUT_WORDS_H
#define CLI_OUT_WORDS_H

#include "engine/write/apply.h"
#include "model/plan/plan.h"

/* As the config spells them, in the order of its enumerations; NULL ends. */
extern const char *const words_direction[];
extern const char *const words_policy[];

/* In the order of enum plan_take; NULL ends. */
extern const char *const words_take[];

/* In the order of enum side; NULL ends. */
extern const char *const words_sides[];

const char *words_status(enum apply_status status);

#endif
