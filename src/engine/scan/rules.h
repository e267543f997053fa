/*
 * rules.h - the configuration in the words of the model.
 */
#ifndef ENGINE_SCAN_RULES_H
#define ENGINE_SCAN_RULES_H

#include "base/glob.h"
#include "config/config.h"
#include "engine/write/site.h"
#include "model/cloud/quirks.h"
#include "model/filter/filter.h"
#include "model/plan/classify.h"
#include "model/plan/plan.h"

/* What a caller may ask for beside the config. */
struct run_wish {
	int direction; /* CONFIG_…; -1: as configured */
	int policy;    /* likewise */
	const struct plan_choice *choices;
	size_t nchoices;
	bool only_choices;
};

struct rules {
	struct classify_rules classify;
	struct plan_rules plan;
	struct glob *globs;         /* groups, then append_merge */
	struct plan_common *common; /* likewise the plan's */
	struct filter *filter;
	struct quirks *quirks;
	struct strlist warnings; /* bad lines of the ignore file */
};

/* rules_make: *sites* are open. The ignore file is read from the local root. */
int rules_make(struct rules *out, const struct config *c,
    const struct site sites[SIDES], const struct run_wish *wish, struct err *e);

void rules_free(struct rules *r);

#endif
