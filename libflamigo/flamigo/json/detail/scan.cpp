#include "flamigo/json/detail/scan.hpp"

#include "flamigo/json/detail/number_run.hpp"

namespace flamigo::detail {

namespace {

std::size_t number_end(std::string_view text, std::size_t offset) noexcept {
  auto end = text.data() + text.size();
  auto last = skip_number(text.data() + offset, end);
  return static_cast<std::size_t>(last - text.data());
}

} // namespace

scan_failure make_scan_failure(std::string_view text,
                               rapidjson::ParseErrorCode code,
                               std::size_t offset) noexcept {
  using namespace rapidjson;
  auto ended = offset >= text.size();
  switch (code) {
    case kParseErrorNone:
      return {};
    case kParseErrorDocumentEmpty:
      return {ended ? scan_code::empty : scan_code::no_value, offset};
    case kParseErrorDocumentRootNotSingular:
      return {scan_code::trailing_text, offset};
    case kParseErrorObjectMissName:
      return {scan_code::no_name, offset};
    case kParseErrorObjectMissColon:
      return {scan_code::no_colon, offset};
    case kParseErrorObjectMissCommaOrCurlyBracket:
      return {scan_code::open_object, offset};
    case kParseErrorArrayMissCommaOrSquareBracket:
      return {scan_code::open_array, offset};
    case kParseErrorStringUnicodeEscapeInvalidHex:
      return {scan_code::bad_hex, offset};
    case kParseErrorStringUnicodeSurrogateInvalid:
      return {scan_code::lone_surrogate, offset};
    case kParseErrorStringEscapeInvalid:
      return {!ended && text[offset] == '\\' ? scan_code::bad_escape
                                             : scan_code::control_character,
              offset};
    case kParseErrorStringMissQuotationMark:
      // The reader takes a NUL byte for the end.
      return {ended ? scan_code::open_string : scan_code::control_character,
              offset};
    case kParseErrorStringInvalidEncoding:
      return {scan_code::invalid_utf8, offset};
    case kParseErrorNumberTooBig:
      return {scan_code::large_number, number_end(text, offset)};
    case kParseErrorNumberMissFraction:
      return {scan_code::no_fraction, offset};
    case kParseErrorNumberMissExponent:
      return {scan_code::no_exponent, offset};
    case kParseErrorTermination:
      return {scan_code::too_deep, offset};
    default:
      return {scan_code::no_value, offset};
  }
}

} // namespace flamigo::detail
