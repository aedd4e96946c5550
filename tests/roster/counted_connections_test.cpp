// What is counted of connections and of who they prove to be.

#include <catch2/catch_test_macros.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/wire/close_reason.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/roster/detail/client_changed.hpp"

using namespace flamigo;
using detail::metric;

namespace {

struct fixture : testing::actor_fixture {
  fixture() {
    adopt(watch.handle());
    watch.count_in(counted);
  }

  ~fixture() {
    end();
  }

  static claims_ptr coming(client_protocol protocol, client_transport by) {
    auto result = std::make_shared<claims>();
    result->connection_id = "c1";
    result->protocol = protocol;
    result->transport = by;
    return result;
  }

  caf::actor open(client_protocol protocol, client_transport by) {
    auto result = system.spawn([](caf::event_based_actor* self) {
      return caf::behavior{
        [self](const close_reason& why) { self->quit(to_exit_reason(why)); }};
    });
    caf::anon_send(watch.handle(), client_opened{result, coming(protocol, by)});
    run();
    return result;
  }

  void close(const caf::actor& who, std::uint16_t code) {
    caf::anon_send(who, close_reason{code, ""});
    run();
  }

  std::uint64_t open_by(std::string_view label) {
    return get(metric::connections_open, detail::transport_labels, label);
  }

  std::uint64_t closed_with(std::string_view label) {
    return get(metric::connections_closed, detail::close_code_labels, label);
  }

  template <class Labels>
  std::uint64_t get(metric what, const Labels& labels, std::string_view label) {
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] == label)
        return counted.sum(what, i);
    return 1'000'000;
  }

  metric_registry counted{{""}};
  roster watch{bus};
};

} // namespace

TEST_CASE("connections are counted by what they come by, and by their ends") {
  fixture f;
  auto native = f.open(client_protocol::flamigo, client_transport::websocket);
  auto sse = f.open(client_protocol::flamigo, client_transport::sse);
  auto socket_io = f.open(client_protocol::socket_io,
                          client_transport::websocket);
  CHECK(f.open_by("websocket") == 1);
  CHECK(f.open_by("sse") == 1);
  CHECK(f.open_by("socketio_websocket") == 1);
  CHECK(f.open_by("socketio_polling") == 0);
  f.close(native, 3008);
  f.close(sse, 4711);
  f.close(socket_io, 3008);
  CHECK(f.open_by("websocket") == 0);
  CHECK(f.open_by("sse") == 0);
  CHECK(f.open_by("socketio_websocket") == 0);
  CHECK(f.closed_with("3008") == 2);
  CHECK(f.closed_with("other") == 1);
  CHECK(f.closed_with("1000") == 0);
  CHECK(f.get(metric::connections_opened, detail::transport_labels, "websocket")
        == 1);
}

TEST_CASE("one that changes over is open by the other") {
  fixture f;
  auto who = f.open(client_protocol::socket_io, client_transport::polling);
  CHECK(f.open_by("socketio_polling") == 1);
  caf::anon_send(f.watch.handle(),
                 client_changed{who->id(),
                                f.coming(client_protocol::socket_io,
                                         client_transport::websocket)});
  f.run();
  CHECK(f.open_by("socketio_polling") == 0);
  CHECK(f.open_by("socketio_websocket") == 1);
  f.close(who, 1000);
  CHECK(f.open_by("socketio_websocket") == 0);
  // It came by that.
  CHECK(f.get(metric::connections_opened, detail::transport_labels,
              "socketio_polling")
        == 1);
}
