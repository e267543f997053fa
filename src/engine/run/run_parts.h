/*
 * run_parts.h - the stages run.c puts in order, and the few of them forget.c
 * needs; nobody else includes it.
 *
 *   run_enter.c  wait for the application, or end it
 *   run_open.c   what must be so before a run looks, and before it writes
 *   run_hear.c   what the other machines say, and whether it is all here
 *   run_look.c   scan, classify, plan
 *   run_back.c   the same for restore and undo
 *   run_write.c  carry the plan out and remember it
 *   run_history.c tell the history
 *   run_publish.c tell the other machines
 *   run_note.c   tell the user
 *
 * Each stage answers 0 to go on, -1 to end the run there.
 */
#ifndef ENGINE_RUN_RUN_PARTS_H
#define ENGINE_RUN_RUN_PARTS_H

#include "engine/run/run.h"
#include "engine/write/recover.h"

/* run_begin: a run of which nothing is done yet. */
void run_begin(
    struct run *out, const struct config *c, const struct run_options *o);

int run_resolve_roots(struct run *r, struct err *e);
int run_take_lock(struct run *r, struct err *e);
int run_open_state(struct run *r, struct err *e);
int run_open_sites(struct run *r, struct err *e);
int run_load_ledger(struct run *r, struct err *e);
int run_check_marker(struct run *r, struct err *e);
int run_recover(struct run *r, struct err *e);

int run_await_stop(struct run *r, struct err *e);
int run_guard_names(struct run *r, struct err *e);
int run_make_rules(struct run *r, struct err *e);
int run_listen(struct run *r, struct err *e); /* to the manifests only */
int run_hear_machines(struct run *r, struct err *e);
int run_scan(struct run *r, struct err *e);
int run_classify(struct run *r, struct err *e);
int run_make_plan(struct run *r, struct err *e);
int run_guard_deletes(struct run *r, struct err *e);
int run_check_complete(struct run *r, struct err *e);
int run_apply(struct run *r, struct err *e);

/* run_hear_if_cloud: nobody has to be heard, or told, about what only comes
   back into the local folder. */
int run_hear_if_cloud(struct run *r, struct err *e);
int run_find_snapshot(struct run *r, struct err *e);
int run_plan_restore(struct run *r, struct err *e);
int run_find_last(struct run *r, struct err *e);
int run_plan_undo(struct run *r, struct err *e);
int run_check_back(struct run *r, struct err *e);

/* run_look_at_state: open the state directory, if there is one. */
int run_look_at_state(struct run *r, struct err *e);
int run_plan_extract(struct run *r, struct err *e);
int run_extract(struct run *r, struct err *e);

/* run_may_write: nobody was there for the grace period, nobody is there now,
   and nobody holds a local file open. */
int run_may_write(struct run *r, struct err *e);

/* run_heed_machines, run_warn_of_names: names another machine cannot hold are
   not put into the folder; those the cloud client does not carry are told.
   (run_names.c) */
void run_heed_machines(struct run *r);
void run_warn_of_names(struct run *r);

/* run_ask_claimed: part of classifying: what the machines' claims need to be
   compared with. */
void run_ask_claimed(struct run *r);

/* run_must_publish: is there something to tell, whatever the plan does? */
bool run_must_publish(const struct run *r);

/*
 * Around the writes: before the first of them; before the ledger is saved, when
 * the run's whole story is known; when everything else is done.
 */
int run_begin_publishing(struct run *r, struct err *e);
int run_note_changes(struct run *r, const struct story *story, struct err *e);
int run_publish(struct run *r, struct err *e);

/* run_prepare_writing: what is made only once it is certain that something
   will be written: the local folder, work directories, the marker. */
int run_prepare_writing(struct run *r, struct err *e);

/*
 * run_history_begin: before the first write. run_history_end: at the very end,
 * whatever it came to (*why* where *rc* is not 0). run_finished: a dead run was
 * finished. (run_history.c)
 */
void run_history_begin(struct run *r);
void run_history_end(struct run *r, int rc, const struct err *why);
void run_finished(struct run *r, const struct recovered *run);

/* run_result: how it ended, in the words of the history. (run_history.c) */
const char *run_result(const struct run *r, int rc, const struct err *why);

/* run_hook_before: the user's command; when it fails, so does the run.
   run_hooks_after: at the very end, whatever it came to; gives back *rc*, or
   -1 when it was 0 and the user's last command failed. (run_hooks.c) */
int run_hook_before(struct run *r, struct err *e);
int run_hooks_after(struct run *r, int rc, struct err *e);

/* run_note: something a person should know. */
void run_note(struct run *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
