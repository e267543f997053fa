/*
 * What the history is told of a run (history.h): never more than a note comes
 * of it when that does not work.
 */
#include "base/mem.h"
#include "engine/past/history.h"
#include "engine/run/run_parts.h"
#include "model/plan/plan_words.h"
#include "platform/plat_time.h"

static struct history_run
about(const struct run *r)
{
	return (struct history_run){.id = mem_string(r->id),
	    .command = mem_string(r->options.reason),
	    .began = r->began};
}

static bool
is_durable(const struct run *r)
{
	return r->config->sync.durability == CONFIG_DURABLE_FULL;
}

static void
note_trouble(struct run *r, const struct err *why)
{
	char text[ERR_TEXT_SIZE];
	run_note(r, "%s", err_text(why, text, sizeof(text)));
}

void
run_history_begin(struct run *r)
{
	struct err why;
	struct history_run run = about(r);
	if (history_begin(r->state, &run, is_durable(r), &why) != 0)
		note_trouble(r, &why);
	history_run_free(&run);
}

/* ---- how it ended ---- */

static const char *
result_of_failure(const struct run *r, enum err_code code)
{
	switch (code) {
	case ERR_CANCELLED:
		return "interrupted";
	case ERR_RUNNING:
		return "running";
	case ERR_USAGE:
	case ERR_CONFIG:
		return "invalid";
	case ERR_REFUSED:
	case ERR_LOCKED:
		return "refused";
	default:
		return r->applied ? "partial" : "error";
	}
}

static const char *
result_of_plan(const struct run *r)
{
	static const char *const words[] = {[PLAN_FINE] = "ok",
	    [PLAN_OPEN] = "conflict",
	    [PLAN_PARTIAL] = "partial",
	    [PLAN_REFUSED] = "refused"};
	return words[totals_weight(&r->plan, r->results)];
}

const char *
run_result(const struct run *r, int rc, const struct err *why)
{
	return rc != 0 ? result_of_failure(r, why->code) : result_of_plan(r);
}

static void
tell_paths(struct history_run *out, const struct run *r)
{
	for (size_t i = 0; i < r->plan.nactions; i++) {
		const struct plan_action *a = &r->plan.actions[i];
		if (r->results[i].status != APPLY_DONE)
			continue;
		out->changed = true;
		history_add_path(out, a->path, a->path_len, plan_op_word(a->op),
		    plan_to_word(a->to));
	}
}

void
run_history_end(struct run *r, int rc, const struct err *why)
{
	struct history_run run = about(r);
	struct err trouble;
	char text[ERR_TEXT_SIZE];
	run.ended = plat_now();
	if (r->planned) {
		totals_of(&run.totals, &r->plan, r->results, true);
		tell_paths(&run, r);
	}
	if (r->snapshot.len > 0)
		run.snapshot = mem_string(r->snapshot.p);
	run.result = mem_string(run_result(r, rc, why));
	if (rc != 0)
		run.message = mem_string(err_text(why, text, sizeof(text)));
	log_reason(r->log, rc == 0 ? CONFIG_LOG_INFO : CONFIG_LOG_WARNING,
	    "end", "%s%s%s", run.result, rc != 0 ? ": " : "",
	    rc != 0 ? run.message : "");
	/* One that changed nothing says nothing that must survive a power
	   cut. */
	if (history_end(
		r->state, &run, r->applied && is_durable(r), &trouble) != 0)
		note_trouble(r, &trouble);
	history_run_free(&run);
}

void
run_finished(struct run *r, const struct recovered *run)
{
	struct err why;
	struct history_run line = {.id = mem_string(run->id),
	    .command = mem_string(run->reason),
	    .finished_by = mem_string(r->id),
	    .result = mem_string(run->changed ? "ok" : "interrupted"),
	    .began = r->began,
	    .ended = plat_now(),
	    .changed = run->changed};
	if (run->snapshot != NULL)
		line.snapshot = mem_string(run->snapshot);
	if (history_end(r->state, &line, is_durable(r), &why) != 0)
		note_trouble(r, &why);
	history_run_free(&line);
	if (!run->changed)
		return;
	str_set(&r->finished, run->reason);
	str_set(
	    &r->finished_snapshot, run->snapshot != NULL ? run->snapshot : "");
}
