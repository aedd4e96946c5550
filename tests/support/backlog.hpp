#pragma once

#include <cstddef>

#include "flamigo/client/client.hpp"
#include "support/socket_fixture.hpp"

namespace flamigo::test {

/// Bytes that wait for the clients which are there, as anybody can read it.
inline std::size_t backlog_of(socket_fixture& f) {
  std::size_t result = 0;
  f.watch.look({}, [&](const caf::expected<roster_page>& what) {
    REQUIRE(what);
    for (auto& x : what->entries)
      result += client{x.client}.backlog();
  });
  f.settle();
  return result;
}

} // namespace flamigo::test
