// What becomes of calls, events and questions while the network is cut, held up
// and silent, the server begins anew and tokens end: hours in a second, on a
// clock that stands still. A seed does the same each time.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/remote/detail/remote_session.hpp"
#include "flamigo/remote/remote_error.hpp"
#include "support/remote_world.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using test::strings;
using test::world_note;

namespace {

struct job {
  bool idempotent = false;
  int settled = 0;
  caf::expected<std::string> result{make_error(errc::internal)};
};

/// A client in a world of a seed, and what has become of all that it did.
class storm {
public:
  explicit storm(int seed) : any_(static_cast<std::uint64_t>(seed)) {
    remote_options options;
    options.token = [this] { return token(); };
    options.on_joined = [this](const remote_joined& what) {
      joined_at_.try_emplace(what.topic, last_);
      if (what.recovered == false)
        lost_[what.topic].push_back(last_);
    };
    session_.emplace(
      std::move(options), timers_, [this] { return any_(1'000'000) / 1e6; },
      [this](auto& client) { return world_.connect(client); });
    session_->listeners.add("note", ear(heard_[""]));
    for (auto* name : {"a", "b"}) {
      auto use = std::make_shared<detail::remote_use>();
      use->events.add("note", ear(heard_[name]));
      session_->channels().join(name, use, std::nullopt, {});
    }
    session_->questions().on("q", [](const std::string& what, auto reply) {
      reply(what);
    });
    session_->open();
  }

  void go_through(int cuts) {
    for (auto i = 0; i < cuts; ++i) {
      for (auto k = any_(20); k > 0; --k) {
        pass(milliseconds{any_(600)});
        for (auto n = any_(4); n > 0; --n)
          publish();
        if (any_(2) != 0)
          call();
        if (any_(4) == 0)
          world_.ask(any_(1000));
      }
      strike();
    }
    pass(120s);
    // For who would not know otherwise that something is missing.
    last_words_ = last_ + 1;
    for (auto& name : all_)
      say({name});
    pass(120s);
  }

  void check() {
    for (std::size_t i = 0; i < jobs_.size(); ++i)
      check_job(static_cast<int>(i), *jobs_[i]);
    std::set<int> all;
    for (auto& x : heard_[""])
      REQUIRE(all.insert(x.n).second); // Not twice.
    for (auto& x : said_) {
      INFO("event " << x.n);
      REQUIRE((all.contains(x.n)
               || (x.n < last_words_ && (!is_owed(x) || was_told(x)))));
    }
    // One of several channels may come under another one than those before it.
    for (auto& name : all_)
      check_order(name, [&](auto& x) { return x.where == strings{name}; });
    for (auto* name : {"a", "b"})
      check_order(
        name, [](auto&) { return true; }, heard_[name]);
    REQUIRE(world_.wrong == 0);
  }

  /// Else the test would not say much.
  void check_much_has_happened() const {
    REQUIRE(world_.connections() > 300);
    REQUIRE(world_.answered > 300);
    REQUIRE(restarts_ > 2);
    // Events are rarely given up but where the server has forgotten them.
    for (auto& [name, times] : lost_)
      REQUIRE(times.size() <= 2 * restarts_);
    REQUIRE(heard_.at("").size() > 5000);
    REQUIRE(std::count_if(jobs_.begin(), jobs_.end(),
                          [](auto& x) { return static_cast<bool>(x->result); })
            > 1000);
  }

  /// Nothing is left to be done.
  void check_end() {
    session_->close();
    auto before = world_.connections();
    pass(1h);
    REQUIRE(world_.connections() == before);
    for (auto& x : jobs_)
      REQUIRE(x->settled == 1);
  }

private:
  caf::expected<remote_token> token() {
    if (any_(30) == 0)
      return make_error(errc::unavailable, "no token now");
    auto now = std::chrono::floor<milliseconds>(now_).count();
    return remote_token{to_json(
      test::world_token{.end_ms = any_(30) == 0 ? 0 : now + 5000 + any_(60'000),
                        .is_known = any_(2) == 0})};
  }

  static std::shared_ptr<detail::remote_ear>
  ear(std::vector<world_note>& heard) {
    return std::make_shared<detail::remote_ear>(
      [&heard](const std::string& text, const remote_place&) {
        heard.push_back(*from_json<world_note>(text));
      });
  }

  // -- what is done -----------------------------------------------------------

  void publish() {
    if (any_(4) != 0)
      return say({all_[static_cast<std::size_t>(any_(3))]});
    auto first = any_(2);
    say(strings(all_.begin() + first, all_.begin() + 2 + any_(2)));
  }

  void say(strings where) {
    said_.push_back({++last_, std::move(where)});
    world_.publish(said_.back());
  }

  void call() {
    auto made = std::make_shared<job>(job{.idempotent = any_(3) == 0});
    jobs_.push_back(made);
    detail::remote_request what;
    what.topic = "app::t:do";
    what.payload = [id = jobs_.size() - 1] { return std::to_string(id); };
    what.idempotent = made->idempotent;
    what.done = [made](caf::expected<std::string> result) {
      ++made->settled;
      made->result = std::move(result);
    };
    auto id = session_->call(std::move(what),
                             {.timeout = milliseconds{100 + any_(30'000)},
                              .idempotent = made->idempotent,
                              .offline = any_(6) != 0 ? when_offline::wait
                                                      : when_offline::fail});
    if (any_(10) == 0)
      timers_.start(milliseconds{any_(2000)}, [this, id] {
        session_->cancel(id, make_error(errc::cancelled));
      });
  }

  void strike() {
    if (any_(100) == 0) {
      ++restarts_;
      return world_.restart();
    }
    switch (any_(7)) {
      case 0:
      case 1:
      case 2:
        return world_.cut();
      case 3:
      case 4:
        return world_.hold(milliseconds{any_(60'000)});
      case 5:
        return world_.hold(24h * 365);
      default:
        world_.is_up = false;
        world_.cut();
        timers_.start(milliseconds{any_(5000)},
                      [this] { world_.is_up = true; });
    }
  }

  void pass(caf::timespan time) {
    auto end = now_ + time;
    for (auto next = timers_.next(); next && *next <= end;
         next = timers_.next()) {
      now_ = std::max(now_, *next);
      timers_.run_due();
    }
    now_ = end;
  }

  // -- what has come of it ----------------------------------------------------

  void check_job(int id, const job& x) {
    auto i = world_.done.find(id);
    auto done = i == world_.done.end() ? 0 : i->second;
    INFO("call " << id << ", done " << done << " times: "
                 << (x.result ? *x.result : code_of(x.result.error())));
    REQUIRE(x.settled == 1);
    if (!x.idempotent)
      REQUIRE(done <= 1);
    if (x.result)
      REQUIRE(done >= 1);
    else if (!may_have_run(x.result.error()))
      REQUIRE(done == 0);
  }

  /// Whether it was said when the client was in its channels, or had been: what
  /// is before the first position in one counts as known in the others.
  bool is_owed(const world_note& x) const {
    return std::all_of(x.where.begin(), x.where.end(), [&](auto& name) {
      auto i = joined_at_.find(name);
      return i != joined_at_.end() && i->second < x.n;
    });
  }

  /// Whether the program knows that it may have missed it.
  bool was_told(const world_note& x) {
    for (auto& name : x.where)
      for (auto at : lost_[name])
        if (at >= x.n)
          return true;
    return false;
  }

  template <class F>
  void check_order(const std::string& name, F counts,
                   const std::vector<world_note>& heard) {
    INFO("channel " << name);
    auto last = 0;
    for (auto& x : heard)
      if (counts(x)) {
        REQUIRE(x.n > last);
        last = x.n;
      }
  }

  template <class F>
  void check_order(const std::string& name, F counts) {
    check_order(name, counts, heard_[""]);
  }

  test::chance any_;
  caf::timespan now_ = 1h;
  detail::remote_timers timers_{[this] { return now_; }, [](caf::timespan) {}};
  test::remote_world world_{timers_, any_};
  strings all_{"a", "b", "all"};
  std::vector<world_note> said_;
  int last_ = 0;
  int last_words_ = 0;
  std::size_t restarts_ = 0;
  /// By channel, and without one all of it.
  std::map<std::string, std::vector<world_note>> heard_;
  /// By channel, behind which event it was told that some are missing.
  std::map<std::string, std::vector<int>> lost_;
  /// By channel, behind which event the client has heard that it is in it.
  std::map<std::string, int> joined_at_;
  std::vector<std::shared_ptr<job>> jobs_;
  std::optional<detail::remote_session> session_;
};

} // namespace

TEST_CASE("whatever is cut, events come once and calls end once") {
  for (auto seed = 1; seed <= 2; ++seed) {
    INFO("seed " << seed);
    storm x{seed};
    x.go_through(1000);
    x.check();
    x.check_much_has_happened();
    x.check_end();
  }
}

TEST_CASE("short lives of clients keep what they promise") {
  for (auto seed = 1000; seed < 2000; ++seed) {
    INFO("seed " << seed);
    storm x{seed};
    x.go_through(3);
    x.check();
    x.check_end();
  }
}
