/*
 * fuzz.h - what every fuzz target is made of.
 *
 * A target defines LLVMFuzzerTestOneInput, which libFuzzer or replay.c calls
 * with one input after another, and ends the program with CHECK as soon as
 * something that must hold does not.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(holds)                                                           \
	do {                                                                   \
		if (!(holds)) {                                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__,     \
			    #holds);                                           \
			abort();                                               \
		}                                                              \
	} while (0)

#endif
