// The server that load generators drive: an echo and a fan-out, written with
// the public API only. The load speaks the ordinary protocol.

#include <boost/describe/class.hpp>

#include <flamigo/application/application.hpp>

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

} // namespace

int main(int argc, char** argv) {
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
  strategies.add("app::bench:publish", [](flamigo::context& ctx,
                                          const addressed& in) {
    return ctx.publish(bench_message{in.topic, {std::string{ctx.payload()}}});
  });
  return app.run();
}
