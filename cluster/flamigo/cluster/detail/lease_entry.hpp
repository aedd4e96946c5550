#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <boost/describe/class.hpp>

namespace flamigo::detail {

/// What is written of a lease.
struct lease_entry {
  /// New with each that wants it. Empty: it was given back.
  std::string owner;
  /// The id of the node that holds it.
  std::string node;
  /// Grows with every new holder.
  std::uint64_t token = 0;
  /// How long others have to wait after they have seen it change.
  std::chrono::milliseconds lasts{0};

  friend bool operator==(const lease_entry&, const lease_entry&) = default;
};

BOOST_DESCRIBE_STRUCT(lease_entry, (), (owner, node, token, lasts))

/// The same, and where it stands in the store.
struct lease_record {
  /// Of the write that made it. 0: there is none.
  std::uint64_t revision = 0;
  /// Without a token if there is none, or if nobody can read it.
  lease_entry entry;

  friend bool operator==(const lease_record&, const lease_record&) = default;
};

} // namespace flamigo::detail
