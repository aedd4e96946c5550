#pragma once

#include <chrono>
#include <cstdlib>

#include "cluster/nats_server.hpp"
#include "flamigo/cluster/lease_options.hpp"
#include "support/quiet_log.hpp"
#include "support/temporary_directory.hpp"

namespace flamigo::test {

constexpr auto url_variable = "FLAMIGO_TEST_NATS_URL";

/// A NATS server with JetStream and a disk of its own, of which child processes
/// know.
struct jetstream {
  jetstream() : server({"-js", "-sd", folder.path().string()}) {
    server.start();
    ::setenv(url_variable, server.url().c_str(), 1);
  }

  ~jetstream() {
    ::unsetenv(url_variable);
  }

  quiet_log quiet;
  temporary_directory folder;
  nats_server server;
};

/// Leases that tests need not wait for.
inline lease_options quick() {
  using namespace std::chrono_literals;
  return {.lasts = 2s, .margin = 300ms, .renew = 500ms, .poll = 250ms};
}

} // namespace flamigo::test
