// What a program is given in place of its own, so that several can be one.

#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/application/application.hpp"
#include "flamigo/history/memory_history.hpp"
#include "support/events.hpp"

using namespace flamigo;

namespace {

std::unique_ptr<configuration> quiet() {
  auto result = std::make_unique<configuration>();
  result->server.port = 0;
  result->log_level = log::level::off;
  return result;
}

/// Asks the one behind it.
class other_presence final : public presence_engine {
public:
  explicit other_presence(presence_engine& local) : local_(local) {
  }

  void set(std::string_view channel, const presence_member& who,
           std::string_view before, std::size_t max_bytes) override {
    ++calls;
    local_.set(channel, who, before, max_bytes);
  }

  void remove(std::string_view channel, std::string_view key,
              std::string_view connection_id) override {
    local_.remove(channel, key, connection_id);
  }

  void list(std::string_view channel, list_receiver then) override {
    local_.list(channel, std::move(then));
  }

  std::size_t calls = 0;

private:
  presence_engine& local_;
};

/// Lets all pass, and notes it.
class first_stage final : public event_stage {
public:
  explicit first_stage(event_stage& local) : local_(local) {
  }

  bool takes(const event& what) const override {
    return local_.takes(what);
  }

  caf::error pass(const event_ptr& what, caf::execution_unit* unit,
                  delivery then) override {
    ++passed;
    return local_.pass(what, unit, std::move(then));
  }

  std::size_t passed = 0;

private:
  event_stage& local_;
};

struct staged_world {
  application::stage_maker maker() {
    return [this](event_stage& local, memory_history& kept) {
      history = &kept;
      return stage = std::make_shared<first_stage>(local);
    };
  }

  void declare() {
    app.channel("rooms/*", {}, {.history = history_limits{}});
  }

  void check() {
    REQUIRE(stage);
    CHECK_FALSE(app.bus().publish(test::posted{"general", "hi"}));
    CHECK(stage->passed == 1);
    CHECK(history->topics() == 1);
  }

  application app{quiet()};
  std::shared_ptr<first_stage> stage;
  memory_history* history = nullptr;
};

} // namespace

TEST_CASE("another engine knows who is in a channel, and may ask the first") {
  application app{quiet()};
  auto other = std::make_shared<other_presence>(app.presence());
  app.presence_by(other);
  CHECK(&app.presence() == other.get());
  CHECK(app.services().presence == other.get());
  app.presence().set("rooms/1", {"c1", "u:1"}, {}, 1'000);
  CHECK(other->calls == 1);
  std::size_t seen = 0;
  app.presence().list("rooms/1",
                      [&](auto all) { seen = all ? all->entries.size() : 0; });
  CHECK(seen == 1);
}

TEST_CASE("a stage stands before that of history, whichever was there first") {
  SECTION("the channel") {
    staged_world w;
    w.declare();
    w.app.pass_first(w.maker());
    w.check();
  }
  SECTION("the stage") {
    staged_world w;
    w.app.pass_first(w.maker());
    CHECK_FALSE(w.stage);
    w.declare();
    w.check();
  }
}
