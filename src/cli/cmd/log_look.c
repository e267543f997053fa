#include "cli/cmd/log_look.h"

#include "cli/out/words.h"
#include "engine/log/log.h"
#include "model/plan/plan_words.h"

/* Enough to see what it is about; the first real run tells everything. */
enum { MOST = 100 };

void
log_look(struct cli_context *c, const struct config *config,
    const struct run *run, bool well)
{
	struct log *log = log_open(config, run->id);
	for (size_t i = 0; i < run->plan.nactions && i < MOST; i++) {
		const struct plan_action *a = &run->plan.actions[i];
		int64_t bytes = (int64_t)a->size;
		struct log_fields f = {.side = plan_to_word(a->to),
		    .path = a->path,
		    .path_len = a->path_len,
		    .bytes = &bytes,
		    .reason = plan_op_word(a->op)};
		log_event(log, CONFIG_LOG_INFO, "would", &f);
	}
	log_reason(log, well ? CONFIG_LOG_INFO : CONFIG_LOG_WARNING, "dry_run",
	    "%s", c->message.p);
	const char *trouble = log_trouble(log);
	if (trouble != NULL)
		cli_warn(c, "%s", trouble);
	log_close(log);
}
