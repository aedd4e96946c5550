#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

/// A request of the protocol, parsed by RapidJSON.
class request {
public:
  /// Returns nothing if the text is none.
  static std::optional<request> parse(std::string_view text);

  std::string_view topic() const;

  /// The `topic` that the payload names; empty if it names none.
  std::string_view payload_topic() const;

  /// A message with this request's payload.
  std::string event(std::string_view topic) const;

  /// The reply, with this request's payload or with `null`.
  std::string reply(bool with_payload) const;

private:
  rapidjson::Document document_;
};
