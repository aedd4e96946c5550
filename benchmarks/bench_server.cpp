// The server that load generators drive: an echo, a fan-out and channels,
// written with the public API only. The load speaks the ordinary protocol.
//
// With --hosted before all other arguments a domain actor publishes, otherwise
// the connection that has asked for it; with --channels there are some, of
// which the first has what the fan-out publishes.

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

void add_channels(flamigo::application& app) {
  app.channel("load:events", {}, {.history = flamigo::history_limits{}});
  // 10,000 connections of guests are 570,000 bytes.
  app.channel("load:people", {},
              {.presence = flamigo::presence_options{.max_bytes = 786'432}});
  // The same without, to be compared.
  app.channel("load:crowd");
}

} // namespace

int main(int argc, char** argv) {
  std::string_view variant = argc > 1 ? argv[1] : "";
  auto hosted = variant == "--hosted";
  auto channels = variant == "--channels";
  if (hosted || channels) {
    argv[1] = argv[0];
    --argc;
    ++argv;
  }
  flamigo::application app{argc, argv};
  if (channels)
    add_channels(app);
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
  app.socket_io();
  return app.run();
}
