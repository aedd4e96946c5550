#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// Makes the values of a document that is being written, and owns their memory.
class json_pieces {
public:
  using value = rapidjson::Value;

  static value object() {
    return value{rapidjson::kObjectType};
  }

  static value array() {
    return value{rapidjson::kArrayType};
  }

  value copy(std::string_view text);

  value copy(const value& of);

  /// `{"type": ...}`.
  value typed(std::string_view type);

  value const_text(std::string_view text);

  value reference(std::string_view to);

  value list(std::initializer_list<std::string_view> of);

  void put(value& to, std::string_view name, value&& what);

  void put(value& to, std::string_view name, std::string_view text);

  void add(value& to, value&& what);

  /// What an error is, as far as everyone has it.
  value error_schema();

  rapidjson::Document::AllocatorType& memory() noexcept {
    return memory_;
  }

private:
  rapidjson::Document::AllocatorType memory_;
};

/// Any value as JSON, on lines that a person reads.
std::string pretty_json(const rapidjson::Value& value);

} // namespace flamigo::tool
