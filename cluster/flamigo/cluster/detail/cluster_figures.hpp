#pragma once

namespace flamigo {

struct cluster_status;

namespace detail {

class metric_text;

/// Writes how a node stands among the others.
void write_cluster(metric_text& to, const cluster_status& from);

} // namespace detail

} // namespace flamigo
