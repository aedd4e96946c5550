#pragma once

#include <cstdint>
#include <string>

#include <boost/describe/class.hpp>

namespace flamigo {

/// A domain, or a shard of one, that lives on one node of all; see
/// `cluster_node::clustered`.
struct cluster_domain {
  /// `app::orders`, or `app::orders/3`.
  std::string name;
  /// The id (`cluster_status::id`) of the node that held its lease when this
  /// one looked last; empty if nobody did.
  std::string holder;
  /// The lease's token; 0 if this node does not hold it.
  std::uint64_t token = 0;
};

BOOST_DESCRIBE_STRUCT(cluster_domain, (), (name, holder, token))

} // namespace flamigo
