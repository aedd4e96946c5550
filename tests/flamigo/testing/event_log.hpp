#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flamigo/bus/event.hpp"
#include "flamigo/bus/event_type.hpp"
#include "flamigo/described/detail/short_name.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/topic/topic_pattern.hpp"

namespace flamigo::testing {

/// The recorded bus: everything that is published, in its order, until a test
/// expects it. The framework's own events (`client_connected`, ...) are there
/// as well. `pattern` says under which topics; by default, under any.
///
/// Every function lets the actors run first. It is a subscriber like others:
/// `publish_sync` counts it.
class event_log {
public:
  /// Records from now on. The fixture must outlive it.
  explicit event_log(actor_fixture& in);

  /// Takes out the first event of this type. Throws a `failure` when there is
  /// none.
  template <class T>
  T expect(std::string_view pattern = "*") {
    auto found = take<T>(pattern, 1);
    if (found.empty())
      fail("an event " + named<T>(pattern) + ", but there is none");
    return std::move(found.front());
  }

  /// Throws a `failure` when there is an event of this type.
  template <class T>
  void expect_nothing(std::string_view pattern = "*") {
    in_->run();
    if (std::any_of(published_->begin(), published_->end(), is<T>(pattern)))
      fail("no event " + named<T>(pattern));
  }

  /// Takes out all events of this type.
  template <class T>
  std::vector<T> all(std::string_view pattern = "*") {
    return take<T>(pattern, std::numeric_limits<std::size_t>::max());
  }

  /// Whether everything has been taken out.
  bool empty();

  /// Takes out all events of every type.
  void clear();

private:
  using events = std::deque<event_ptr>;

  template <class T>
  static std::string named(std::string_view pattern) {
    return flamigo::detail::short_name<T>() + " under \"" + std::string{pattern}
           + "\"";
  }

  /// Tells the events of this type.
  template <class T>
  static auto is(std::string_view pattern) {
    static_assert(event_type<T>,
                  "name the type of an event: a described struct with a member "
                  "function topics() const");
    return [where = topic_pattern{std::string{pattern}}](auto& what) {
      return what->template get_if<T>() != nullptr && is_under(*what, where);
    };
  }

  template <class T>
  std::vector<T> take(std::string_view pattern, std::size_t limit) {
    in_->run();
    std::vector<T> result;
    std::erase_if(*published_, [&, wanted = is<T>(pattern)](auto& what) {
      if (result.size() == limit || !wanted(what))
        return false;
      result.push_back(*what->template get_if<T>());
      return true;
    });
    return result;
  }

  static bool is_under(const event& what, const topic_pattern& where);

  [[noreturn]] void fail(const std::string& expected) const;

  actor_fixture* in_;
  /// Shared with the actor that listens, which ends with the fixture.
  std::shared_ptr<events> published_ = std::make_shared<events>();
};

} // namespace flamigo::testing
