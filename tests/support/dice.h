/*
 * dice.h - random numbers that are the same everywhere.
 */
#ifndef SUPPORT_DICE_H
#define SUPPORT_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

static inline uint64_t
dice_next(struct dice *d)
{
	/* SplitMix64 */
	uint64_t z = (d->state += 0x9E3779B97F4A7C15U);
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
	return z ^ (z >> 31);
}

/* dice_roll: 0 … n-1. */
static inline size_t
dice_roll(struct dice *d, size_t n)
{
	return (size_t)(dice_next(d) % n);
}

/* dice_one_in: true once in *n* times. */
static inline bool
dice_one_in(struct dice *d, size_t n)
{
	return dice_roll(d, n) == 0;
}

#endif
