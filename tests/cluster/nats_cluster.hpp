#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "cluster/nats_server.hpp"
#include "support/temporary_directory.hpp"

namespace flamigo::test {

/// Three NATS servers on loopback that are one cluster, with JetStream.
struct nats_cluster {
  nats_cluster() {
    std::array<std::uint16_t, 3> ports{};
    std::string routes;
    for (auto& x : ports) {
      x = nats_server::free_port();
      routes += (routes.empty() ? "" : ",") + route(x);
    }
    for (std::size_t i = 0; i < servers.size(); ++i) {
      auto name = "server-" + std::to_string(i);
      servers[i] = std::make_unique<nats_server>(std::vector<std::string>{
        "-n", name, "-js", "-sd", (files.path() / name).string(),
        "--cluster_name", "three", "--cluster", route(ports[i]), "--routes",
        routes});
      servers[i]->start();
    }
  }

  static std::string route(std::uint16_t port) {
    return "nats://127.0.0.1:" + std::to_string(port);
  }

  std::string url() const {
    std::string result;
    for (auto& x : servers)
      result += (result.empty() ? "" : ",") + x->url();
    return result;
  }

  temporary_directory files;
  std::array<std::unique_ptr<nats_server>, 3> servers;
};

} // namespace flamigo::test
