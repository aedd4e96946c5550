// The rules that the inputs of the chat share.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <flamigo/error/field_error.hpp>

namespace chat {

/// A name or a text must have something in it and an end.
inline void check_length(const char* field, const std::string& value,
                         std::size_t max,
                         std::vector<flamigo::field_error>& errors) {
  if (value.find_first_not_of(" \t\r\n") == std::string::npos)
    errors.push_back({field, "must not be empty"});
  else if (value.size() > max)
    errors.push_back(
      {field, "must not be longer than " + std::to_string(max) + " bytes"});
}

/// A room becomes one segment of a topic, where `/` and `*` have a meaning.
inline void check_room(const std::string& value,
                       std::vector<flamigo::field_error>& errors) {
  constexpr auto allowed = "abcdefghijklmnopqrstuvwxyz"
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  check_length("room", value, 64, errors);
  if (value.find_first_not_of(allowed) != std::string::npos)
    errors.push_back({"room", "must be of letters, digits, - and _"});
}

} // namespace chat
