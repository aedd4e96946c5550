#pragma once

#include <string>

namespace flamigo::test {

/// An operator, an account and a user of NATS, made for the tests: nothing else
/// trusts them. They never expire.
struct nats_login {
  static constexpr auto operator_jwt
    = "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE3M"
      "DAwMDAwMDAsImlzcyI6Ik9BUDNGV09NQktNUUYzV0M3NzRBV01NM01ISDIzM"
      "1czR0VQWk1EN1JETTUyUkEzT0xVUUpLQU5aIiwibmFtZSI6InRlc3QiLCJzd"
      "WIiOiJPQVAzRldPTUJLTVFGM1dDNzc0QVdNTTNNSEgyMzNXM0dFUFpNRDdSR"
      "E01MlJBM09MVVFKS0FOWiIsIm5hdHMiOnsidHlwZSI6Im9wZXJhdG9yIiwid"
      "mVyc2lvbiI6Mn0sImp0aSI6IkxSWEhOTkEzNlkzSDVLT1BONzdCM01DM0NMS"
      "ENZWk5PREFMSk1RR1U1Q0Q2VjZNUVpCM0EifQ.c4yCf6rgz126I7SvZrYcVN"
      "1wHYLomSKlTHyWLZTnPnojKQ0wFg-S0bq_z2Q8FRP5mjwPxHtuKKX8xuv32x"
      "LjCA";

  static constexpr auto account
    = "ACVZZEYJH7YQORO7FLPVG2QUZHOIWLNQ6J7L6TZQ6X4PT5PGMBUTUAXA";

  static constexpr auto account_jwt
    = "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE3M"
      "DAwMDAwMDAsImlzcyI6Ik9BUDNGV09NQktNUUYzV0M3NzRBV01NM01ISDIzM"
      "1czR0VQWk1EN1JETTUyUkEzT0xVUUpLQU5aIiwibmFtZSI6InRlc3QiLCJzd"
      "WIiOiJBQ1ZaWkVZSkg3WVFPUk83RkxQVkcyUVVaSE9JV0xOUTZKN0w2VFpRN"
      "lg0UFQ1UEdNQlVUVUFYQSIsIm5hdHMiOnsidHlwZSI6ImFjY291bnQiLCJsa"
      "W1pdHMiOnsic3VicyI6LTEsImNvbm4iOi0xLCJsZWFmIjotMSwiaW1wb3J0c"
      "yI6LTEsImV4cG9ydHMiOi0xLCJkYXRhIjotMSwicGF5bG9hZCI6LTEsIndpb"
      "GRjYXJkcyI6dHJ1ZX0sImRlZmF1bHRfcGVybWlzc2lvbnMiOnsicHViIjp7f"
      "Swic3ViIjp7fX0sInZlcnNpb24iOjJ9LCJqdGkiOiJBWlFVQzU3SERQNlU3S"
      "jM3N1VKVDc2SlhMV01NU1dCUEhSUk9GQzJCSDQ2VlhJUDdITk9RIn0.BXfqD"
      "wf88O8KIeAB16iOZEtGnTZp5lapUOaqkeeC36nXYEYfDIoEGFT-10FgjlVWR"
      "z3WE-EZ1YTxW_JUJ5FzAw";

  static constexpr auto user_jwt
    = "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE3M"
      "DAwMDAwMDAsImlzcyI6IkFDVlpaRVlKSDdZUU9STzdGTFBWRzJRVVpIT0lXT"
      "E5RNko3TDZUWlE2WDRQVDVQR01CVVRVQVhBIiwibmFtZSI6Im5vZGUiLCJzd"
      "WIiOiJVQU80SU80VzdGWDVTWDMyVjJNWlJFNU9RQzdZT09NWEc0WEdTUEFIQ"
      "1NYSU9FQkUyRVozUVhMTiIsIm5hdHMiOnsidHlwZSI6InVzZXIiLCJwdWIiO"
      "nt9LCJzdWIiOnt9LCJzdWJzIjotMSwiZGF0YSI6LTEsInBheWxvYWQiOi0xL"
      "CJ2ZXJzaW9uIjoyfSwianRpIjoiWFRRNVpETUhBTkJUV0Y1TVRSVlRXQkMzN"
      "kxPNk9ERU5GM09GQktKWVhFWVhPWUhaNjRBUSJ9.FJsId_nqZPBgqifM39i6"
      "lcqGaUj6iZGlyvyR3D4s7nG9Ki5ke0KCwHTbsvVYbDJNHcHY-Z-VbyDlO2ga"
      "dhZMCQ";

  static constexpr auto user_seed
    = "SUAKDME4AYMBHZYQOLMVEJHELYR2DZ5KKG5MP237RC2NOP36CAGLWZGUAI";

  /// Of a server that lets in users of the account only.
  static std::string server_config() {
    return std::string{"operator: "} + operator_jwt
           + "\nresolver: MEMORY\nresolver_preload: { " + account + ": "
           + account_jwt + " }\n";
  }

  /// As `nsc` writes it.
  static std::string credentials() {
    return std::string{"-----BEGIN NATS USER JWT-----\n"} + user_jwt
           + "\n------END NATS USER JWT------\n\n"
             "-----BEGIN USER NKEY SEED-----\n"
           + user_seed + "\n------END USER NKEY SEED------\n";
  }
};

} // namespace flamigo::test
