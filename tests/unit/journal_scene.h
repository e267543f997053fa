/*
 * journal_scene.h - a small journal to write, and the story it tells.
 *
 * Helpers fail the running test when something is not as it should be.
 */
#ifndef TESTS_JOURNAL_SCENE_H
#define TESTS_JOURNAL_SCENE_H

#include "store/journal.h"

/* The records of the journal behind the first, in order: intents, and the
   outcomes of some of them. */
enum { JOURNAL_STEPS = 9 };
struct journal_step {
	bool done;
	uint32_t seq;
	bool applied;
};
extern const struct journal_step journal_steps[JOURNAL_STEPS];
extern const struct story_begin journal_begin;

/* journal_print, journal_step_intent: a fingerprint, an intent like no other.
 */
struct fingerprint journal_print(unsigned i);
struct intent journal_step_intent(uint32_t i);

/* write_journal_step: one of them. write_journal: the first *n*, durably, in a
   journal of its own; must_write_journal: in the place of any other. */
void write_journal_step(struct journal *j, const struct journal_step *s);
int write_journal(struct plat_dir *d, size_t n, struct err *e);
void must_write_journal(struct plat_dir *d, size_t n);

/* assert_intent: is it journal_step_intent(*seq*)? assert_story: does *s* tell
   just the first *n* steps? assert_journal: does the one in *d*? */
void assert_intent(const struct intent *got, uint32_t seq);
void assert_story(const struct story *s, size_t n);
void assert_journal(struct plat_dir *d, size_t n);

#endif
