/*
 * Names that will be trouble elsewhere: for a machine of the folder (which
 * keeps them from being put there) or for the cloud client (which is told).
 */
#include <string.h>

#include "engine/run/run_parts.h"
#include "model/cloud/quirks.h"
#include "model/plan/names.h"

enum { NAMES_TOLD = 3 };

/* Every machine that publishes here must be able to hold what is put here. */
void
run_heed_machines(struct run *r)
{
	const struct folder *f = &r->folder;
	unsigned *who = &r->rules.plan.who[SIDE_CLOUD];
	for (size_t i = 0; i < f->n; i++) {
		const char *os = f->v[i].head.os;
		if (strcmp(os, "windows") == 0)
			*who |= NAMES_WINDOWS | NAMES_FOLD;
		else if (strcmp(os, "macos") == 0)
			*who |= NAMES_FOLD;
	}
}

static const char *
provider(const struct run *r)
{
	const char *said = r->config->cloud.provider;
	return strcmp(said, "auto") != 0
	    ? said
	    : quirks_provider(NULL, r->roots[SIDE_CLOUD]);
}

void
run_warn_of_names(struct run *r)
{
	const struct plan *p = &r->plan;
	struct str text = STR_INIT;
	size_t n = 0;
	if (strcmp(provider(r), "onedrive") != 0)
		return;
	for (size_t i = 0; i < p->nactions; i++) {
		const struct plan_action *a = &p->actions[i];
		const char *why = a->to == PLAN_TO_LOCAL ||
			a->op == PLAN_DELETE || a->op == PLAN_RMDIR
		    ? NULL
		    : names_forbidden(a->path, a->path_len, NAMES_ONEDRIVE);
		if (why == NULL || n++ >= NAMES_TOLD)
			continue;
		str_addf(&text, "%s%.*s %s", n > 1 ? ", " : "",
		    (int)a->path_len, a->path, why);
	}
	if (n > NAMES_TOLD)
		str_addf(&text, " and %zu more", n - NAMES_TOLD);
	if (n > 0)
		run_note(r, "%s will not carry some names: %s",
		    quirks_title("onedrive"), text.p);
	str_free(&text);
}
