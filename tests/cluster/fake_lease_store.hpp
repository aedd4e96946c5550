#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "flamigo/cluster/detail/lease_store.hpp"

namespace flamigo::test {

/// What all nodes write to and read from, and what can go wrong with it: it is
/// slow, loses questions and answers, and does late what it was given up for.
class fake_lease_server {
public:
  using time_point = std::chrono::nanoseconds;

  explicit fake_lease_server(std::uint32_t seed) : random(seed) {
  }

  void at(time_point when, std::function<void()> what) {
    todo_.emplace(when, std::move(what));
  }

  /// A moment later.
  void run_to(time_point when) {
    while (!todo_.empty() && todo_.begin()->first <= when) {
      auto first = todo_.extract(todo_.begin());
      now = first.key();
      first.mapped()();
    }
    now = when;
  }

  time_point some(time_point limit) {
    return time_point{static_cast<std::int64_t>(
      random() % static_cast<std::uint64_t>(limit.count() + 1))};
  }

  bool happens(unsigned percent) {
    return random() % 100 < percent;
  }

  std::optional<std::uint64_t> put(const std::string& name,
                                   const detail::lease_record& what) {
    auto& is = records[name];
    if (is.revision != what.revision)
      return std::nullopt;
    is = what;
    is.revision = ++revision;
    return is.revision;
  }

  /// Without any of it, as if its disk had gone.
  void lose() {
    records.clear();
    revision = 0;
  }

  std::mt19937_64 random;
  time_point now{0};
  std::map<std::string, detail::lease_record> records;
  std::uint64_t revision = 0;
  /// Questions.
  std::uint64_t asked = 0;
  /// Of each question, in percent.
  unsigned lost = 0;
  unsigned late = 0;
  time_point delay{1'000'000};

private:
  std::multimap<time_point, std::function<void()>> todo_;
};

/// One node's way to it.
class fake_lease_store final : public detail::lease_store {
public:
  explicit fake_lease_store(fake_lease_server& of) : of_(of) {
  }

  void read(const std::string& name, found then) override {
    ask<detail::lease_record>(
      [this, name] { return std::optional{of_.records[name]}; },
      std::move(then));
  }

  void write(const std::string& name, const detail::lease_record& what,
             written then) override {
    ask<std::uint64_t>([this, name, what] { return of_.put(name, what); },
                       std::move(then));
  }

  /// Nothing of it comes through.
  bool is_cut = false;

private:
  static constexpr std::chrono::seconds patience{1};

  template <class T, class Do, class Then>
  void ask(Do what, Then then) {
    ++of_.asked;
    auto began = of_.now;
    auto give_up = [then] { then(std::nullopt); };
    if (is_cut || of_.happens(of_.lost))
      return of_.at(began + patience, give_up);
    // Such as one that waited in a buffer for a connection.
    if (of_.happens(of_.late)) {
      of_.at(began + of_.some(std::chrono::seconds{20}),
             [what] { (void) what(); });
      return of_.at(began + patience, give_up);
    }
    of_.at(began + of_.some(of_.delay), [this, began, what, then, give_up] {
      auto result = what();
      if (of_.happens(of_.lost))
        return of_.at(began + patience, give_up);
      of_.at(of_.now + of_.some(of_.delay), [then, result] { then(result); });
    });
  }

  fake_lease_server& of_;
};

} // namespace flamigo::test
