// The server that load generators drive: an echo and a fan-out, written with
// the public API only. The load speaks the ordinary protocol.
//
// With --hosted before all other arguments a domain actor publishes, otherwise
// the connection that has asked for it.

#include <string_view>

#include <boost/describe/class.hpp>

#include <flamigo/serving.hpp>

namespace {

/// Whatever is published, with the topic that it names itself.
struct bench_message {
  std::string topic;
  flamigo::raw_json payload;

  flamigo::topic topics() const {
    return flamigo::topic{topic};
  }

  flamigo::client_message to_client() const {
    return {"bench:message", payload};
  }
};

BOOST_DESCRIBE_STRUCT(bench_message, (), (topic, payload))

struct addressed {
  std::string topic;
};

BOOST_DESCRIBE_STRUCT(addressed, (), (topic))

caf::error publish(flamigo::context& ctx, const addressed& in) {
  return ctx.publish(bench_message{in.topic, {std::string{ctx.payload()}}});
}

flamigo::domain_behavior publisher(flamigo::domain_actor<>*) {
  return {flamigo::on("app::bench:publish", publish)};
}

} // namespace

int main(int argc, char** argv) {
  auto hosted = argc > 1 && std::string_view{argv[1]} == "--hosted";
  if (hosted) {
    argv[1] = argv[0];
    --argc;
    ++argv;
  }
  flamigo::application app{argc, argv};
  auto& strategies = app.strategies();
  strategies.add("app::bench:echo",
                 [](const flamigo::raw_json& in) { return in; });
  strategies.add(
    "app::bench:subscribe",
    [](flamigo::context& ctx, const addressed& in) -> caf::result<void> {
      auto client = flamigo::require_actor<flamigo::websocket_client>(ctx);
      if (!client)
        return client.error();
      return client->subscribe(in.topic);
    });
  if (hosted)
    app.host(publisher);
  else
    strategies.add("app::bench:publish", publish);
  return app.run();
}
