// Whoever says what to whom, from whichever thread and at whatever moment: each
// client hears all of one speaker in order, while it is subscribed and until it
// is closed. Random, on the test's thread alone, and the same for each seed.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/detail/wake_batch.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/client_atoms.hpp"
#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/publish_sync.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "support/virtual_thread.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::virtual_thread;

namespace {

using ask_atom = caf::atom_constant<caf::atom("ask")>;

/// What somebody says; the numbers of all speakers are one row.
struct mark {
  int from;
  int number;
};

BOOST_DESCRIBE_STRUCT(mark, (), (from, number))

struct said {
  std::string room;
  mark what;

  topic topics() const {
    return topic{"rooms/" + room};
  }

  client_message to_client() const {
    return make_client_message("said", what);
  }
};

BOOST_DESCRIBE_STRUCT(said, (), (room, what))

// Patterns of a client: its own actor makes and drops the first two, by which
// it forwards and listens, and others do so with the other three.
constexpr const char* own_forward = "rooms/a";
constexpr const char* own_listener = "rooms/b";
constexpr const char* given_forward = "rooms/c";
constexpr const char* given_listener = "rooms/d";
constexpr const char* given_all = "rooms/*";

/// Something that a client has to hear, in its place.
struct due_item {
  int number;
  /// By which of its patterns; none if that does not matter.
  std::set<std::string> patterns = {};
  bool close = false;
};

/// A client, and what it has to hear of each speaker.
struct peer {
  bool hears() const {
    return !closed && !gone;
  }

  void expect(int from, due_item what) {
    if (hears())
      left[from].push_back(std::move(what));
  }

  void hear(const mark& what) {
    // A transport ignores what comes behind a close.
    if (!hears())
      return;
    auto& row = left[what.from];
    if (row.empty() || row.front().number != what.number || row.front().close)
      return fail("hears something that is not due", what);
    row.pop_front();
  }

  void fail(const std::string& text, const mark& what) {
    auto& row = left[what.from];
    if (problem.empty())
      problem = "client " + std::to_string(id) + ' ' + text + ": "
                + std::to_string(what.number) + " of "
                + std::to_string(what.from) + ", due is "
                + (row.empty() ? "nothing"
                               : std::to_string(row.front().number));
  }

  int id = 0;
  virtual_thread* home = nullptr;
  client_feed feed;
  client handle{caf::actor{}};
  std::set<std::string> patterns;
  std::map<int, std::deque<due_item>> left;
  /// Somebody has ordered to close it.
  bool ordered = false;
  bool closed = false;
  bool gone = false;
  /// Strategies that hold back whatever else there is, but for a close.
  int awaits = 0;
  std::string problem;
};

using peer_ptr = std::shared_ptr<peer>;

class line final : public transport {
public:
  explicit line(peer_ptr to) : to_(std::move(to)) {
  }

  void send(std::string_view text) override {
    std::string copy{text};
    mark what{};
    auto at = copy.find("\"from\":");
    if (at == copy.npos
        || std::sscanf(copy.c_str() + at, "\"from\":%d,\"number\":%d",
                       &what.from, &what.number)
             != 2)
      to_->problem = "strange: " + copy;
    else
      to_->hear(what);
  }

  void close(const close_reason& why) override {
    if (to_->gone || std::exchange(to_->closed, true))
      return;
    if (to_->awaits > 0)
      return;
    mark what{};
    std::sscanf(why.reason.c_str(), "%d %d", &what.from, &what.number);
    auto& row = to_->left[what.from];
    if (row.empty() || !row.front().close || row.front().number != what.number)
      to_->fail("is closed out of turn (" + why.reason + ")", what);
  }

private:
  peer_ptr to_;
};

/// Speakers that are no clients.
enum speaker : int {
  backend = 1,
  desk,
  first_thread,
  first_client = 100,
  first_listener = 1'000
};

struct world : testing::actor_fixture {
  world() {
    adopt(watch.handle());
    env.options.max_in_flight = 100'000;
    env.on_open = [this](client& self) {
      auto& who = *met.back();
      who.handle = self;
      if (upto(2) == 0)
        subscribe(who, own_forward);
    };
    strategies.add("app::own:go", [this](context& ctx, int id) {
      auto& who = *met[static_cast<std::size_t>(id)];
      for (auto n = upto(5); n > 0; --n)
        act_in(who, first_client + id, ctx, saying);
      return answer(who, first_client + id);
    });
    strategies.add("app::own:wait", [this](context& ctx, int id) {
      auto& who = *met[static_cast<std::size_t>(id)];
      auto result = ctx.make_promise<mark>();
      ++who.awaits;
      ctx.self()
        ->request(asker, caf::infinite, ask_atom::value)
        .await([this, &who, result](ask_atom) mutable {
          --who.awaits;
          result.deliver(answer(who, listener++));
        });
      return result;
    });
    adopt(host(services, {}, [this](domain_actor<>*) -> domain_behavior {
      return {on("app::desk:go", [this](context& ctx, int id) {
        for (auto n = upto(4); n > 0; --n)
          act(desk, [&](auto what) { publish_by(ctx, std::move(what)); });
        return answer(*met[static_cast<std::size_t>(id)], desk);
      })};
    }));
    asker = system.spawn([this](caf::event_based_actor* self) -> caf::behavior {
      return {[](ask_atom what) { return what; },
              [this, self](int id) {
                ++asked;
                self
                  ->request(met[static_cast<std::size_t>(id)]->handle.handle(),
                            caf::infinite, claims_atom_v)
                  .then([this](const claims_ptr&) { ++answered; },
                        [this](caf::error&) { ++answered; });
              }};
    });
    adopt(asker);
    run();
  }

  ~world() {
    end();
  }

  int upto(int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  }

  peer_ptr& any_slot() {
    return peers[static_cast<std::size_t>(
      upto(static_cast<int>(peers.size())))];
  }

  peer& anyone() {
    return *any_slot();
  }

  // -- what is done, and what clients have to hear by it ----------------------

  template <class F>
  void publish(int from, F deliver) {
    std::string room(1, "abcde"[upto(5)]);
    said what{room, {from, ++number}};
    for (auto& x : peers) {
      due_item item{number};
      for (auto& pattern : {"rooms/" + room, std::string{given_all}})
        if (x->patterns.count(pattern) > 0)
          item.patterns.insert(pattern);
      if (!item.patterns.empty())
        x->expect(from, std::move(item));
    }
    deliver(std::move(what));
  }

  void publish_by(context& ctx, said what) {
    switch (upto(4)) {
      case 0:
        (void) ctx.publish_sync(std::move(what), 10s);
        break;
      case 1: {
        context copy{ctx};
        (void) copy.publish(std::move(what));
        break;
      }
      default:
        (void) ctx.publish(std::move(what));
    }
  }

  mark answer(peer& to, int from) {
    mark result{from, ++number};
    to.expect(from, {number});
    return result;
  }

  void send(int from, peer& to) {
    mark what{from, ++number};
    to.expect(from, {number});
    to.handle.send("said", what);
  }

  void close(int from, peer& to, bool own) {
    // The first one to order it wins.
    if (!own && std::exchange(to.ordered, true))
      return;
    to.expect(from, {++number, {}, true});
    to.handle.close(
      {4000, std::to_string(from) + ' ' + std::to_string(number)});
  }

  void subscribe(peer& who, const std::string& pattern) {
    auto is_new = who.patterns.count(pattern) == 0;
    if (pattern == own_listener || pattern == given_listener)
      (void) who.handle.subscribe(pattern,
                                  [this, &who](context& ctx, const said& what) {
                                    listened(who, ctx, what);
                                  });
    else
      (void) who.handle.subscribe(pattern);
    if (is_new)
      who.patterns.insert(pattern);
  }

  void unsubscribe(peer& who, const std::string& pattern, bool own) {
    who.patterns.erase(pattern);
    // What waits is not wanted any more, if the actor says so itself.
    if (own)
      for (auto& [from, row] : who.left)
        std::erase_if(row, [&](due_item& x) {
          return x.patterns.erase(pattern) > 0 && x.patterns.empty();
        });
    who.handle.unsubscribe(pattern);
  }

  void listened(peer& who, context& ctx, const said& what) {
    who.hear(what.what);
    // What a handler says has the place of its event.
    auto me = listener++;
    for (auto n = upto(3); n > 0; --n)
      act_in(who, me, ctx, false);
  }

  /// Of anybody; `self` is the client, if it is one's actor.
  template <class F>
  void act(int from, F deliver, const peer* self = nullptr) {
    if (budget == 0)
      return;
    --budget;
    auto& to = anyone();
    if (&to == self)
      return publish(from, deliver);
    const char* given[] = {given_forward, given_listener, given_all};
    auto pattern = given[upto(3)];
    switch (upto(12)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        return publish(from, deliver);
      case 5:
        return subscribe(to, pattern);
      case 6:
        return unsubscribe(to, pattern, false);
      case 7:
        if (upto(8) == 0)
          return close(from, to, false);
        break;
      case 8:
        return caf::anon_send(asker, to.id);
      default:
        return send(from, to);
    }
  }

  /// Of a client's actor.
  void act_in(peer& who, int from, context& ctx, bool in_frame) {
    if (budget == 0)
      return;
    auto own = upto(2) == 0 ? own_forward : own_listener;
    switch (upto(12)) {
      case 0:
        return subscribe(who, own);
      case 1:
        return unsubscribe(who, own, true);
      case 2:
      case 3:
        return send(from, who);
      case 4:
        if (upto(8) == 0)
          close(from, who, true);
        return;
      case 5:
        if (!in_frame)
          return;
        virtual_thread::elsewhere([&] {
          context copy{ctx};
          if (upto(2) == 0)
            publish(from, [&](said x) { (void) copy.publish(std::move(x)); });
          else
            send(from, who);
        });
        // A reply by itself does not look for what others do.
        return send(from, who);
      default:
        act(
          from, [&](said x) { publish_by(ctx, std::move(x)); }, &who);
    }
  }

  // -- a round ----------------------------------------------------------------

  void open(peer_ptr& where) {
    auto who = std::make_shared<peer>();
    who->id = static_cast<int>(met.size());
    who->home = threads[met.size() % threads.size()].get();
    where = who;
    met.push_back(who);
    auto meta = std::make_shared<claims>();
    meta->connection_id = "c" + std::to_string(who->id);
    turn(*who->home, [&] {
      who->feed = client_feed{env, who->home, std::make_shared<line>(who),
                              std::move(meta)};
    });
  }

  template <class F>
  void turn(virtual_thread& where, F body) {
    auto limit = static_cast<std::size_t>(upto(2) == 0 ? 1 + upto(3) : 1'000);
    auto share = static_cast<std::size_t>(upto(3) == 0 ? 1 + upto(3) : 100);
    where.turn(std::move(body), limit, share);
  }

  void say(peer& who, std::string_view strategy) {
    turn(*who.home, [&] {
      saying = true;
      if (who.feed && !who.closed)
        who.feed.message(test::call(strategy, std::to_string(who.id)));
      saying = false;
    });
  }

  void go(peer& who) {
    who.gone = true;
    turn(*who.home, [&] {
      if (who.feed)
        who.feed.closed({close_code::going_away, ""});
    });
  }

  void step() {
    auto& slot = any_slot();
    auto& who = *slot;
    auto thread = upto(static_cast<int>(threads.size()));
    auto& where = *threads[static_cast<std::size_t>(thread)];
    auto by_bus = [this](said x) { (void) bus.publish(std::move(x)); };
    switch (upto(12)) {
      case 0:
      case 1:
      case 2:
        return say(who, "app::own:go");
      case 3:
        return say(who, upto(2) == 0 ? "app::own:wait" : "app::desk:go");
      case 4:
      case 5:
        return act(backend, by_bus);
      case 6: {
        detail::wake_batch together;
        for (auto n = upto(4); n > 0; --n)
          act(backend, by_bus);
        return;
      }
      case 7:
        return turn(where, [&] { act(first_thread + thread, by_bus); });
      case 8:
        if (who.closed || upto(8) == 0) {
          go(who);
          open(slot);
        }
        return;
      case 9:
        if (scheduler.has_job())
          scheduler.run_once();
        return;
      default:
        if (where.due())
          turn(where, [] {});
    }
  }

  void settle() {
    for (auto more = true; more;) {
      run();
      more = false;
      for (auto& x : threads)
        if (x->due()) {
          more = true;
          turn(*x, [] {});
        }
    }
  }

  std::string verdict() const {
    for (auto& x : threads)
      if (x->sleeps_late())
        return "a thread was not woken";
    for (auto& x : peers) {
      if (!x->problem.empty())
        return x->problem;
      if (x->hears())
        for (auto& [from, row] : x->left)
          if (!row.empty())
            return "client " + std::to_string(x->id) + " has not heard "
                   + std::to_string(row.front().number) + " of "
                   + std::to_string(from);
    }
    return asked == answered ? "" : "a request has no answer";
  }

  /// Returns what is wrong, if anything.
  std::string play(unsigned seed, std::size_t count) {
    random.seed(seed);
    budget = 150;
    for (std::size_t i = 0; i < count; ++i)
      threads.push_back(std::make_unique<virtual_thread>(system));
    peers.resize(6);
    for (auto& x : peers)
      open(x);
    for (auto& x : peers)
      if (upto(2) == 0)
        subscribe(*x, given_all);
    for (int i = 0; i < 60; ++i)
      step();
    // At the end of a server its threads go, whatever waits. Nobody can hear
    // what clients cause then.
    auto ends = upto(3) == 0;
    if (ends) {
      budget = 0;
      for (auto& x : threads)
        x->retire();
    }
    settle();
    auto result = verdict();
    for (auto& x : met) {
      x->gone = true;
      if (ends && x->handle.handle())
        caf::anon_send_exit(x->handle.handle(),
                            caf::exit_reason::user_shutdown);
      else
        go(*x);
      x->handle = client{caf::actor{}};
    }
    settle();
    peers.clear();
    met.clear();
    run();
    for (auto& x : threads)
      x->retire();
    run();
    threads.clear();
    return result;
  }

  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
  std::mt19937 random;
  std::vector<std::unique_ptr<virtual_thread>> threads;
  /// Those that are there, and all that have been in this round.
  std::vector<peer_ptr> peers;
  std::vector<peer_ptr> met;
  caf::actor asker;
  int number = 0;
  int listener = first_listener;
  int budget = 0;
  /// Whether a frame is handled ahead of what waits.
  bool saying = false;
  int asked = 0;
  int answered = 0;
};

} // namespace

TEST_CASE("on however many threads, clients hear all of it in order") {
  for (auto threads : {1u, 2u, 4u}) {
    world w;
    for (unsigned seed = 1; seed <= 700; ++seed) {
      INFO("threads " << threads << ", seed " << seed);
      REQUIRE(w.play(seed, threads) == "");
    }
  }
}
