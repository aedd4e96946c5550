// A program that may be one of several, and is alone here.
#include <cstdlib>
#include <memory>

#include <flamigo/cluster.hpp>
#include <flamigo/serving.hpp>

int main() {
  flamigo::application app{std::make_unique<flamigo::configuration>()};
  flamigo::cluster_options options;
  options.nats_url = "nats://127.0.0.1:1";
  flamigo::cluster_node node{app, options};
  return node.status().connected ? EXIT_FAILURE : EXIT_SUCCESS;
}
