// Clients that are lost at random: what they are sent in the end, over all
// their connections, is every event once.
#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "flamigo/json/json.hpp"
#include "support/socket_io_fixture.hpp"

using namespace flamigo;

namespace {

struct numbered {
  std::vector<std::string> rooms;
  int number;

  std::vector<topic> topics() const {
    std::vector<topic> result;
    for (auto& x : rooms)
      result.emplace_back("rooms/" + x);
    return result;
  }

  client_message to_client() const {
    return make_client_message("n", number);
  }
};

BOOST_DESCRIBE_STRUCT(numbered, (), (rooms, number))

struct place {
  std::map<std::string, std::uint64_t> offsets;
};

BOOST_DESCRIBE_STRUCT(place, (), (offsets))

/// Always in rooms 0 and 1, at times in room 2.
class wanderer {
public:
  wanderer(test::socket_io_fixture& at, std::mt19937& random)
    : page_(at), random_(random) {
    page_.come();
    page_.subscribe("rooms/0");
    page_.subscribe("rooms/1");
    note();
  }

  void expect(int number) {
    expected_.insert(number);
  }

  void step() {
    switch (pick(8)) {
      case 0:
        page_.lose();
        break;
      case 1:
        if (page_.connected)
          page_.go_dark();
        break;
      case 2:
        if (page_.connected && pick(3) == 0)
          page_.say(R"(42["app::websocket:unsubscribe",{"topic":"rooms/2"}])",
                    pick(3));
        break;
      case 3:
        if (page_.connected && pick(3) == 0)
          page_.say(R"(42["app::websocket:subscribe",{"topic":"rooms/2"}])",
                    pick(3));
        break;
      case 4:
      case 5:
        if (!page_.connected)
          come(pick(6));
        break;
      default:
        if (page_.connected)
          page_.take(pick(8));
    }
    note();
  }

  void finish() {
    page_.lose();
    come(~std::size_t{0});
    note();
    CHECK(page_.connected);
    std::vector<int> missing;
    std::set_difference(expected_.begin(), expected_.end(), got_.begin(),
                        got_.end(), std::back_inserter(missing));
    CHECK(missing.empty());
  }

private:
  std::size_t pick(std::size_t below) {
    return random_() % below;
  }

  void come(std::size_t most) {
    page_.lose();
    page_.come({}, most);
    if (page_.connected)
      CHECK(page_.recovered);
  }

  void note() {
    for (auto& x : page_.heard()) {
      constexpr std::string_view head = "42[\"n\",";
      if (!x.starts_with(head))
        continue;
      auto number = std::stoi(x.substr(head.size()));
      CAPTURE(x);
      CHECK(got_.insert(number).second);
      auto comma = x.find(',', head.size());
      auto where = from_json<place>(
        std::string_view{x}.substr(comma + 1, x.size() - comma - 2));
      REQUIRE(where);
      for (auto& [room, offset] : where->offsets)
        CHECK(offset > std::exchange(last_[room], offset));
    }
  }

  test::socket_io_page page_;
  std::mt19937& random_;
  std::set<int> expected_;
  std::set<int> got_;
  std::map<std::string, std::uint64_t> last_;
};

} // namespace

TEST_CASE(
  "clients that are lost at random miss nothing and get nothing twice") {
  auto seed = GENERATE(range(1u, 21u));
  CAPTURE(seed);
  std::mt19937 random{seed};
  test::socket_io_fixture f;
  f.serve();
  std::vector<std::unique_ptr<wanderer>> all;
  for (int i = 0; i < 3; ++i)
    all.push_back(std::make_unique<wanderer>(f, random));
  auto number = 0;
  for (int i = 0; i < 300; ++i) {
    if (random() % 2 == 0) {
      numbered what{{}, ++number};
      for (auto room : {"0", "1", "2"})
        if (random() % 2 == 0)
          what.rooms.emplace_back(room);
      if (what.rooms.empty())
        continue;
      auto is_for_all = what.rooms.front() != "2";
      REQUIRE_FALSE(f.bus.publish(std::move(what)));
      f.settle();
      for (auto& x : all)
        if (is_for_all)
          x->expect(number);
    }
    all[random() % all.size()]->step();
  }
  for (auto& x : all)
    x->finish();
}
