#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/roster/detail/framework_event.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/wire/client_message.hpp"

using namespace flamigo;

namespace {

struct fixture : testing::actor_fixture {
  fixture() {
    adopt(watch.handle());
  }

  ~fixture() {
    end();
  }

  caf::actor open() {
    auto result = system.spawn([to = heard](caf::event_based_actor* self) {
      self->set_default_handler(caf::drop);
      return caf::behavior{[to](const detail::framework_event& x) {
        to->push_back(x.what.topic + " " + x.what.payload.text);
      }};
    });
    adopt(result);
    caf::anon_send(watch.handle(),
                   client_opened{result, std::make_shared<claims>()});
    run();
    return result;
  }

  using texts = std::vector<std::string>;

  roster watch{bus};
  std::shared_ptr<texts> heard = std::make_shared<texts>();
};

} // namespace

TEST_CASE("every client that is connected is told") {
  fixture f;
  f.open();
  auto gone = f.open();
  f.open();
  caf::anon_send_exit(gone, caf::exit_reason::user_shutdown);
  f.run();
  f.watch.tell({"note", {R"({"text":"hi"})"}});
  f.watch.tell({"error", {R"({"text":"no"})"}});
  f.run();
  CHECK(*f.heard == fixture::texts(2, R"(note {"text":"hi"})"));
}
