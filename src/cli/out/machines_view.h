/*
 * machines_view.h - the machines that share a cloud folder, and whether it is
 * complete, for people and for programs.
 */
#ifndef CLI_OUT_MACHINES_VIEW_H
#define CLI_OUT_MACHINES_VIEW_H

#include "base/json.h"
#include "cli/out/out_text.h"
#include "engine/handoff/machines.h"

/* json_cloud, json_machines: the members "cloud" and "machines". */
void json_cloud(struct json *j, const struct run *run);
void json_machines(struct json *j, const struct run *run);

/* out_machines: a table of them; nothing where there are none. */
void out_machines(struct out *o, const struct run *run);

/* cloud_sentence: append how complete the cloud folder is. */
void cloud_sentence(struct str *out, const struct run *run);

/* out_faults: what is not in the cloud folder as it should be, a line each. */
void out_faults(struct out *o, const struct run *run, bool all);

#endif
