#pragma once

#include <map>
#include <string>
#include <vector>

#include "flamigo/contract/declared_error.hpp"
#include "flamigo/schema/schema.hpp"

namespace flamigo {

/// What a program's contract tells besides what its strategies and channels
/// tell by themselves: which events clients get, what they are asked, and with
/// which errors of its own it answers. A program says it once, before it
/// serves; nothing but the contract looks at it.
///
///   app.contract()
///     .event<chat::said>("chat:message", "rooms/*")
///     .request<trade, bool>("trade:confirm")
///     .error("app::chat:enter", {409, "room_full", "Nobody may join."});
class contract_notes {
public:
  /// What is known of one event.
  struct event_note {
    /// Makes the schema of its payload.
    schema_function payload;
    /// Patterns of the channels in which it comes; none if it comes without
    /// one.
    std::vector<std::string> channels = {};
  };

  /// What is known of one request.
  struct request_note {
    /// Makes the schema of what clients are asked.
    schema_function question;
    /// Makes the schema of what they answer.
    schema_function answer;
  };

  /// By topic.
  using event_map = std::map<std::string, event_note>;
  /// By topic.
  using request_map = std::map<std::string, request_note>;
  /// By the names of the strategies.
  using error_map = std::map<std::string, std::vector<declared_error>>;

  /// Clients get messages of this topic with a payload of this type; those who
  /// have subscribed to these channels, by their pattern. For several channels
  /// it is said several times. Throws std::invalid_argument where the topic has
  /// another type already.
  template <class T>
  contract_notes& event(const std::string& topic, std::string channel = {}) {
    add_event(topic, output_schema<T>, std::move(channel));
    return *this;
  }

  /// Clients are asked a `Question` under this topic (`client::request`), and
  /// answer with an `Answer`. Throws std::invalid_argument if that was said.
  template <class Question, class Answer>
  contract_notes& request(const std::string& topic) {
    add_request(topic, {output_schema<Question>, input_schema<Answer>});
    return *this;
  }

  /// The strategy of this name answers with this error as well. Throws
  /// std::invalid_argument for a status that is none of an error, and without a
  /// code.
  contract_notes& error(const std::string& strategy, declared_error what);

  /// All of them.
  const event_map& events() const noexcept {
    return events_;
  }

  /// All of them.
  const request_map& requests() const noexcept {
    return requests_;
  }

  /// All of them.
  const error_map& errors() const noexcept {
    return errors_;
  }

private:
  void add_event(const std::string& topic, schema_function payload,
                 std::string channel);

  void add_request(const std::string& topic, request_note what);

  event_map events_;
  request_map requests_;
  error_map errors_;
};

} // namespace flamigo
