#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "flamigo/cluster/detail/lease_entry.hpp"

namespace flamigo::detail {

/// Where all nodes read and write what is known of their leases: a seam, behind
/// which there is NATS (`nats_lease_store`), or nothing but memory and what can
/// go wrong in the tests.
///
/// Each question is answered once, in a turn of the node's thread and not from
/// here, within a few seconds; with nothing where the answer is not known: what
/// was to be written may have been, or may yet be. Members are for the node's
/// thread. Nothing blocks.
class lease_store {
public:
  using found = std::function<void(const std::optional<lease_record>& what)>;

  using written
    = std::function<void(const std::optional<std::uint64_t>& revision)>;

  virtual ~lease_store() = default;

  virtual void read(const std::string& name, found then) = 0;

  /// Writes the entry, if the newest one has this revision still, or there is
  /// none and it is 0. Answers with the new revision, which is larger.
  virtual void
  write(const std::string& name, const lease_record& what, written then)
    = 0;
};

} // namespace flamigo::detail
