#include "flamigo/config/detail/option_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include <caf/deep_to_string.hpp>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

struct type_text {
  std::string_view type;
  std::string_view placeholder;
  std::string_view allowed;
};

// By the names that CAF has for the types of options.
constexpr auto table = std::array<type_text, 17>{{
  {"boolean", "BOOL", "true or false"},
  {"int8", "N", "a whole number from -128 to 127"},
  {"int16", "N", "a whole number from -32768 to 32767"},
  {"int32", "N", "a whole number from -2147483648 to 2147483647"},
  {"int64", "N", "a whole number"},
  {"real32", "X", "a number with a point, such as 1.5"},
  {"real64", "X", "a number with a point, such as 1.5"},
  {"uint8", "N", "a whole number from 0 to 255"},
  {"uint16", "N", "a whole number from 0 to 65535"},
  {"uint32", "N", "a whole number from 0 to 4294967295"},
  {"uint64", "N", "a whole number, 0 or more"},
  {"timespan", "TIME",
   "a whole number with a unit, ns, us, ms, s, min or h, such as 10s"},
  {"string", "TEXT", "a text"},
  {"atom", "NAME",
   "a name of at most 10 characters, in single quotes in the file"},
  {"list of string", "TEXT,...",
   "texts separated by commas, in double quotes those that contain ,={}[]"},
  {"log format", "FORMAT", "text or json"},
  {"log level", "LEVEL", "trace, debug, info, warning, error or off"},
}};

const type_text* find_text(const caf::config_option& option) {
  auto name = to_std(option.type_name());
  for (auto& x : table)
    if (x.type == name)
      return &x;
  return nullptr;
}

} // namespace

caf::error config_error(std::string sentence) {
  return make_error(errc::malformed, std::move(sentence));
}

caf::error bad_value(const std::string& name, const std::string& value,
                     const std::string& allowed) {
  return config_error(name + " cannot be \"" + value + "\": it takes "
                      + allowed);
}

std::string option_name(const caf::config_option& option) {
  auto flat = option.has_flat_cli_name();
  return "--" + to_std(flat ? option.long_name() : option.full_name());
}

std::string allowed_values(const caf::config_option& option) {
  if (auto* text = find_text(option))
    return std::string{text->allowed};
  return "a value of type " + to_std(option.type_name());
}

std::string placeholder(const caf::config_option& option) {
  if (auto* text = find_text(option))
    return std::string{text->placeholder};
  return to_std(option.type_name());
}

std::string render(const caf::config_value& value) {
  if (auto text = caf::get_if<std::string>(&value))
    return *text;
  if (auto name = caf::get_if<caf::atom_value>(&value))
    return to_string(*name);
  if (auto span = caf::get_if<caf::timespan>(&value))
    return render(*span);
  if (auto number = caf::get_if<double>(&value))
    return render(*number);
  if (auto list = caf::get_if<caf::config_value::list>(&value)) {
    std::string result;
    for (auto& x : *list) {
      if (!result.empty())
        result += ',';
      result += render(x);
    }
    return result;
  }
  return caf::deep_to_string(value);
}

std::string render(caf::timespan value) {
  struct unit {
    std::int64_t size;
    std::string_view name;
  };
  constexpr auto units = std::array<unit, 5>{{
    {3'600'000'000'000, "h"},
    {60'000'000'000, "min"},
    {1'000'000'000, "s"},
    {1'000'000, "ms"},
    {1'000, "us"},
  }};
  for (auto& x : units)
    if (value.count() != 0 && value.count() % x.size == 0)
      return std::to_string(value.count() / x.size).append(x.name);
  return std::to_string(value.count()) + (value.count() == 0 ? "s" : "ns");
}

std::string render(double value) {
  std::array<char, 32> text;
  auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

} // namespace flamigo::detail
