#include "flamigo/json/detail/scan_failure.hpp"

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

const char* sentence(scan_code code) {
  switch (code) {
    case scan_code::none:
      return "nothing is wrong";
    case scan_code::empty:
      return "there is no value";
    case scan_code::trailing_text:
      return "nothing may follow the first value";
    case scan_code::no_value:
      return "a value is expected";
    case scan_code::no_name:
      return "the name of a member is expected, in quotes,";
    case scan_code::no_colon:
      return "a colon is missing";
    case scan_code::open_object:
      return "a comma or a closing brace is missing";
    case scan_code::open_array:
      return "a comma or a closing bracket is missing";
    case scan_code::open_string:
      return "a closing quote is missing";
    case scan_code::bad_hex:
      return "\\u needs four hexadecimal digits";
    case scan_code::lone_surrogate:
      return "a surrogate escape must be one of a pair";
    case scan_code::bad_escape:
      return "a backslash must begin an escape that JSON knows";
    case scan_code::control_character:
      return "a control character must be escaped";
    case scan_code::invalid_utf8:
      return "the text must be UTF-8";
    case scan_code::large_number:
      // It is read at length only where it goes on when it should end.
      return "a number cannot go on like this";
    case scan_code::no_fraction:
      return "a digit must follow the decimal point";
    case scan_code::no_exponent:
      return "the exponent needs a digit";
    case scan_code::too_deep:
      return "values may be nested 128 levels deep, no deeper,";
    case scan_code::too_long:
      return "a text must be shorter than 4 GiB";
  }
  return "it cannot be read";
}

} // namespace

std::string to_string(const scan_failure& failure) {
  return sentence(failure.code)
         + (" at byte " + std::to_string(failure.offset));
}

caf::error to_error(const scan_failure& failure, const char* subject) {
  if (!failure)
    return {};
  if (failure.code == scan_code::too_deep)
    return make_error(errc::malformed,
                      subject
                        + std::string{" is nested deeper than 128 levels"});
  return make_error(errc::malformed,
                    subject + (" is not JSON: " + to_string(failure)));
}

} // namespace flamigo::detail
