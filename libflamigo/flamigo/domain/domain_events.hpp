#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/describe/class.hpp>

#include "flamigo/topic/topic.hpp"

namespace flamigo {

/// A domain actor has ended by an error. Published as the backend under
/// `domain/down/<domain>`.
struct domain_down {
  /// `app::chat` for the domain of `app::chat:post`; the name of the actor for
  /// one without strategies.
  std::string domain;
  /// The trace of the error, for developers.
  std::string reason;
  /// Whether it is restarted; else it stays down, and its strategies answer
  /// 503.
  bool restarting;

  /// Matches all of them: `self->subscribe(domain_down::all)`.
  static constexpr std::string_view all = "domain/down";

  /// Other nodes have theirs.
  static constexpr bool stays_on_node = true;

  /// Its topic, as above.
  topic topics() const {
    return topic{std::string{all} + "/" + topic_segment(domain)};
  }
};

BOOST_DESCRIBE_STRUCT(domain_down, (), (domain, reason, restarting))

/// A domain actor was restarted: it begins with a fresh state and has missed
/// what was published meanwhile. Published as the backend under
/// `domain/restarted/<domain>`, later than the `domain_down`, and when it hears
/// its topics again.
struct domain_restarted {
  /// As in `domain_down`.
  std::string domain;
  /// How often it was restarted since the start of the program.
  std::uint64_t restarts;

  /// Matches all of them.
  static constexpr std::string_view all = "domain/restarted";

  /// Other nodes have theirs.
  static constexpr bool stays_on_node = true;

  /// Its topic, as above.
  topic topics() const {
    return topic{std::string{all} + "/" + topic_segment(domain)};
  }
};

BOOST_DESCRIBE_STRUCT(domain_restarted, (), (domain, restarts))

} // namespace flamigo
