#include "engine/handoff/machines.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static size_t
faults_of(const struct run *run, uint32_t machine)
{
	size_t n = 0;
	for (size_t i = 0; i < run->faults.n; i++)
		n += run->faults.v[i].machine == machine;
	return n;
}

/* Has it said that it knows of every head? One that holds the same needs not
   say so. */
static bool
is_behind(const struct folder *f, const struct manifest *m)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct manifest_head *head = &f->v[i].head;
		if (f->head[i] &&
		    seen_get(&m->seen, head->machine) < head->generation &&
		    !hash_equal(m->head.root, head->root))
			return true;
	}
	return false;
}

static int
compare_rows(const void *a, const void *b)
{
	const struct machine_row *x = a, *y = b;
	return strcmp(x->id, y->id);
}

size_t
machines_rows(struct machine_row **out, const struct run *run)
{
	const struct folder *f = &run->folder;
	size_t n = 0;
	*out = mem_zero(f->n + f->unreadable.n, sizeof(**out));
	for (size_t i = 0; i < f->n; i++) {
		const struct manifest *m = &f->v[i];
		(*out)[n++] =
		    (struct machine_row){.id = f->roster.ids.v[m->head.machine],
			.manifest = m,
			.self = m->head.machine == f->self,
			.head = f->head[i],
			.behind = is_behind(f, m),
			.complete = faults_of(run, m->head.machine) == 0};
	}
	for (size_t i = 0; i < f->unreadable.n; i++) {
		const struct manifest *m =
		    folder_by(f, roster_find(&f->roster, f->unreadable.v[i]));
		/* A head whose records are damaged is listed already. */
		for (size_t k = 0; k < n && m != NULL; k++)
			if ((*out)[k].manifest == m)
				(*out)[k] = (*out)[--n];
		(*out)[n++] = (struct machine_row){
		    .id = f->unreadable.v[i], .trouble = f->reasons.v[i]};
	}
	if (n > 1)
		qsort(*out, n, sizeof(**out), compare_rows);
	return n;
}

/* The newest of the heads. */
static const struct manifest *
newest_head(const struct folder *f)
{
	const struct manifest *newest = NULL;
	for (size_t i = 0; i < f->n; i++)
		if (f->head[i] &&
		    (newest == NULL || newest->head.time < f->v[i].head.time))
			newest = &f->v[i];
	return newest;
}

void
machines_cloud(struct machines_cloud *out, const struct run *run)
{
	const struct folder *f = &run->folder;
	const struct manifest *m = NULL;
	*out = (struct machines_cloud){.known = run->planned};
	out->missing = run->faults.n + run->news.in_flight;
	out->complete =
	    run->planned && !run->incomplete && run->refusal == RUN_NOT_REFUSED;
	for (size_t i = 0; i < run->faults.n && m == NULL; i++)
		m = folder_by(f, run->faults.v[i].machine);
	if (m == NULL)
		m = newest_head(f);
	if (m != NULL) {
		out->machine = f->roster.ids.v[m->head.machine];
		out->generation = m->head.generation;
		out->time = m->head.time;
	}
	out->unpublished = f->owes;
	for (size_t i = 0; i < run->plan.nactions; i++)
		out->unpublished |= run->plan.actions[i].to != PLAN_TO_LOCAL;
}
