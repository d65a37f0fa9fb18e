#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& http_dissector();

namespace {

using namespace std::string_literals;
using Turns = std::vector<test::DissectHarness::Turn>;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ";

/// What is said over a conversation; the same whole and cut into single bytes, or "<cut differs>".
std::string said(const Turns& turns, bool close = true) {
  std::string first;
  for (const std::size_t step : {0, 1, 7}) {
    test::DissectHarness harness(http_dissector());
    harness.stream(turns, step);
    if (close) harness.close();
    if (step == 0) first = harness.text();
    if (harness.text() != first) return "<cut differs>\n" + harness.text();
  }
  return first;
}

std::string login(const std::string& mechanism, const std::string& outcome,
                  const std::string& more = "empty=false same=false", bool cleartext = true) {
  return kServer + "login http mechanism=" + mechanism + " cleartext=" + (cleartext ? "true" : "false") +
         " outcome=" + outcome + " secret=" + (more.find("<unseen>") == 0 ? more : "<redacted> " + more) +
         "\n";
}

std::string service(const std::string& product = "", const std::string& version = "") {
  return kServer + "service tcp/80 http product=\"" + product + "\" version=\"" + version +
         "\" encrypted=false\n";
}

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

Recognition recognised(std::string_view text, Direction direction = kUp) {
  return http_dissector().recognise({direction, as_bytes(text), 40000, 2575, false, false});
}

}  // namespace

TEST_CASE("http: agents, servers, realms, titles and names of a keep-alive connection") {
  CHECK(said({{kUp, "GET / HTTP/1.1\r\nHost: ct3.radiology.example:8080\r\nUser-Agent: curl/7.88.1\r\n\r\n"},
              {kDown,
               "HTTP/1.1 401 Unauthorized\r\nServer: Boa/0.94.14rc21\r\nWWW-Authenticate: Basic "
               "realm=\"Infusion Pump 7\"\r\nContent-Length: 5\r\n\r\nwrong"},
              {kUp, "GET / HTTP/1.1\r\nHost: ct3.radiology.example\r\nUser-Agent: curl/7.88.1\r\n\r\n"},
              {kDown,
               "HTTP/1.1 200 OK\r\nServer: Boa/0.94.14rc21\r\nX-Powered-By: PHP/5.1\r\nContent-Type: "
               "text/html\r\n"
               "Transfer-Encoding: chunked\r\n\r\n38;x=y\r\n<html><head><TITLE>\nA &amp; B Router  "
               "</title></head></h\r\n3\r\ntml\r\n0\r\nX: y\r\n\r\n"},
              {kUp, "\r\nHEAD /index.html HTTP/1.1\r\n\r\n"},
              {kDown,
               "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: "
               "0\r\n\r\n"}}) == kClient + "clue http.user-agent=\"curl/7.88.1\" role=client\n" +
                                     service("Boa", "0.94.14rc21") + kServer +
                                     "clue http.server=\"Boa/0.94.14rc21\" role=server\n" + kServer +
                                     "clue http.realm=\"Infusion Pump 7\" role=server\n" + kServer +
                                     "clue http.x-powered-by=\"PHP/5.1\" role=server\n" + kServer +
                                     "name kind=http name=\"ct3.radiology.example\"\n" + kServer +
                                     "clue http.title=\"A & B Router\" role=server\n");
}

TEST_CASE("http: Basic logins, their outcomes, and no repetition while nothing changes") {
  const std::string request = "GET / HTTP/1.1\r\nAuthorization: Basic ";
  CHECK(said({{kUp, request + "YWRtaW46YWRtaW4=\r\n\r\n"},
              {kDown, "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"},
              {kUp, request + "YWRtaW46\r\n\r\n" + request + "YWRtaW46\r\n\r\n"},
              {kDown, kOk + kOk},
              {kUp, request + "YWRtaW46c2VjcmV0\r\n\r\n"}}) ==
        service() + login("basic", "refused", "empty=false same=true") +
            login("basic", "accepted", "empty=true same=false") + login("basic", "unknown"));
  CHECK(said({{kUp, request + "!!!\r\n\r\n"}, {kDown, kOk}}) ==
        kClient + "anomaly http bad-basic\n" + service());
}

TEST_CASE("http: the digest of a Basic login is that of its account and secret") {
  test::DissectHarness harness(http_dissector());
  harness.stream(
      {{kUp, "GET / HTTP/1.1\r\nAuthorization: Basic bWFpbnQ6cGFzc3dvcmQ=\r\n\r\n"}, {kDown, kOk}});
  CHECK(std::get<LoginSeen>(harness.observations().back().body).account_and_secret ==
        digest_secret("maint", "password"));
}

TEST_CASE("http: a form's answer that says so is a refusal") {
  const auto after = [](const std::string& answer) {
    return said(
        {{kUp,
          "POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
          "29\r\n\r\nusername=admin&password=admin"},
         {kDown, answer}});
  };
  const auto page = [](const std::string& text, const std::string& type = "text/html") {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + std::to_string(text.size()) +
           "\r\n\r\n" + text;
  };
  const std::string refused = service() + login("form", "refused", "empty=false same=true");
  const std::string unknown = service() + login("form", "unknown", "empty=false same=true");
  CHECK(after(page("<html>Login failed, wrong pass</html>")) == refused);
  CHECK(after(page("<p>Falsches Passwort</p>" + std::string(9000, ' '))) == refused);
  CHECK(after(page("{\"success\" : false}\n", "application/json")) == refused);
  CHECK(after("HTTP/1.0 200 OK\r\n\r\nAccess denied") == refused);
  CHECK(after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\ninvalid password\r\n0\r\n\r\n") ==
        refused);
  CHECK(after("HTTP/1.1 302 Found\r\nLocation: /login?error=1\r\nContent-Length: 0\r\n\r\n") == refused);
  CHECK(after("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n") == refused);
  CHECK(after("HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n\r\n") == refused);
  // What says nothing of it, or the contrary.
  CHECK(after(page("<html>Welcome. Failed logins: 0</html>")) == unknown);
  CHECK(after(page("{\"success\":true,\"error\":null}", "application/json")) == unknown);
  CHECK(after(page(std::string(5000, ' ') + "login failed")) == unknown);
  CHECK(after("HTTP/1.1 302 Found\r\nLocation: /home?error=0\r\nContent-Length: 0\r\n\r\n") == unknown);
  CHECK(after("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nWelcome") == unknown);
  CHECK(after("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\nlogin failed") ==
        unknown);
  CHECK(after("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n") == unknown);
  // The next answer in the connection is read as ever.
  CHECK(after(page("login failed") + page("login failed")) == refused);
}

TEST_CASE("http: form, query and JSON logins") {
  const auto post = [](const std::string& type, const std::string& body) {
    return "POST /login HTTP/1.1\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  const std::string form = "application/x-www-form-urlencoded; charset=UTF-8";
  CHECK(said({{kUp, post(form, "login=Sign+in&username=root&passwd=root")}, {kDown, kOk}}) ==
        service() + login("form", "unknown", "empty=false same=true"));
  CHECK(said({{kUp, post("application/json",
                         "{\"a\": [1, {\"email\" : \"x@y.example\", \"password\": \"p\\\"q\"}]}")},
              {kDown, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"}}) ==
        service() + login("form", "refused"));
  CHECK(
      said({{kUp, "GET /cgi-bin/login.cgi?loginuse=admin&loginpas=888888 HTTP/1.1\r\n\r\n"}, {kDown, kOk}}) ==
      service() + login("form", "unknown") + kServer + "clue http.path=\"/cgi-bin/login.cgi\" role=server\n");
  CHECK(said({{kUp, "GET /validate?serialNumber=1&token=DYtvvgtD HTTP/1.1\r\n\r\n"}, {kDown, kOk}}) ==
        service() + login("token", "unknown"));
  CHECK(said({{kUp, post(form, "user=a&password=5f4dcc3b5aa765d61d8327deb882cf99")}, {kDown, kOk}}) ==
        service() + login("form", "unknown", "<unseen> empty=false same=false", false));
  CHECK(said({{kUp, post(form, "name=x&value=y")}, {kDown, kOk}}) == service());
  test::DissectHarness harness(http_dissector());
  harness.stream({{kUp, post(form, "user=ad%6Din&pwd=a%26b+c")}, {kDown, kOk}});
  CHECK(std::get<LoginSeen>(harness.observations().back().body).account_and_secret ==
        digest_secret("admin", "a&b c"));
}

TEST_CASE("http: bodies in parts and XML: that a password is there") {
  const auto after = [](const std::string& type, const std::string& body) {
    const std::string text =
        said({{kUp, "POST /login HTTP/1.1\r\nContent-Type: " + type +
                        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body},
              {kDown, kOk}});
    CHECK(text.find("s3cret") == std::string::npos);
    CHECK(text.starts_with(service()));
    return text.substr(std::min(service().size(), text.size()));
  };
  const auto part = [](const std::string& name, const std::string& value) {
    return "--x\r\nContent-Disposition: form-data; name=" + name + "\r\n\r\n" + value + "\r\n";
  };
  const std::string clear = login("form", "unknown", "<unseen> empty=false same=false");
  const std::string hashed = login("form", "unknown", "<unseen> empty=false same=false", false);
  const std::string parts = "multipart/form-data; boundary=x", xml = "text/xml",
                    soap = "application/soap+xml";
  CHECK(after(parts, part("\"user\"", "a") + part("\"password\"", "s3cret") + "--x--") == clear);
  CHECK(after(parts, part("passwd", "s3cret") + "--x--") == clear);
  CHECK(after(parts, part("\"password\"", "s3cret") + part("\"file\"", std::string(9000, 'f'))) == clear);
  CHECK(after(parts, part("\"note\"; filename=\"password\"", "s3cret name=\"password\"")).empty());
  CHECK(after(xml, "<s:Envelope><Username>a</Username><Password>s3cret</Password></s:Envelope>") == clear);
  CHECK(after(xml, "<?xml version=\"1.0\"?><login user='a' pwd='s3cret'/>") == clear);
  CHECK(after(xml, "<a><loginPassword><![CDATA[s3cret]]></loginPassword></a>") == clear);
  CHECK(after(soap, "<wsse:Password Type=\"http://x#PasswordDigest\">s3cret</wsse:Password>") == hashed);
  CHECK(after(soap, "<wsse:Password Type=\"http://x#PasswordText\">s3cret</wsse:Password>") == clear);
  CHECK(after(xml, "<a><Password></Password><Password/><PasswordPolicy>x</PasswordPolicy></a>").empty());
  CHECK(after(xml, "<a pwd=\"\" b='<password'><Password").empty());
}

TEST_CASE("http: folded and bare lines") {
  for (const std::string& end : {"\r\n"s, "\n"s}) {
    for (const std::string& value :
         {end + " Basic YWRtaW46cGFzc3dvcmQ=", " Basic" + end + "\tYWRtaW46cGFzc3dvcmQ=",
          " Basic YWRtaW46" + end + " cGFzc3dvcmQ=", "BASIC\tYWRtaW46cGFzc3dvcmQ="s}) {
      test::DissectHarness harness(http_dissector());
      harness.stream({{kUp, "GET / HTTP/1.1" + end + "Host: h" + end + "Authorization:" + value + end +
                                "User-Agent: x" + end + end},
                      {kDown, "HTTP/1.0 200 OK" + end + "Server: x" + end + end}});
      harness.close();
      CAPTURE(harness.text());
      std::size_t logins = 0;
      for (const auto& observation : harness.observations()) {
        const auto* seen = std::get_if<LoginSeen>(&observation.body);
        if (seen == nullptr) continue;
        ++logins;
        CHECK(seen->account_and_secret == digest_secret("admin", "password"));
      }
      CHECK(logins == 1);
      CHECK(harness.text().find("http.user-agent=\"x\"") != std::string::npos);
      CHECK(harness.text().find("anomaly") == std::string::npos);
    }
  }
}

TEST_CASE("http: Digest and Bearer") {
  CHECK(said({{kUp, "GET / HTTP/1.1\r\nAuthorization: Digest username=\"x\", realm=\"r\"\r\n\r\n"},
              {kDown, kOk}}) ==
        service() + login("digest", "accepted", "<unseen> empty=false same=false", false));
  CHECK(said({{kUp, "GET / HTTP/1.1\r\nAuthorization: Bearer abc.def\r\n\r\n"}, {kDown, kOk}}) ==
        service() + login("bearer", "accepted"));
}

TEST_CASE("http: paths tell interfaces and never a patient, a study or a query") {
  const auto path = [](const std::string& target) {
    const std::string text = said({{kUp, "GET " + target + " HTTP/1.1\r\n\r\n"}, {kDown, kOk}});
    const std::size_t at = text.find("http.path=");
    return at == std::string::npos ? "" : text.substr(at + 10, text.find(" role") - at - 10);
  };
  CHECK(path("/dicom-web/studies/1.2.3?PatientName=X") == "\"/dicom-web\"");
  CHECK(path("/wado?requestType=WADO&studyUID=1.2") == "\"/wado\"");
  CHECK(path("/fhir/Patient/12345") == "\"/fhir\"");
  CHECK(path("/onvif/device_service") == "\"/onvif/device_service\"");
  CHECK(path("/ISAPI/System/deviceInfo") == "\"/ISAPI/System/deviceInfo\"");
  CHECK(path("/cgi-bin/19700101123") == "\"/cgi-bin\"");
  CHECK(path("/HNAP1/") == "\"/HNAP1\"");
  CHECK(path("/patients/doe").empty());
  CHECK(path("/setup.xmlx").empty());
  CHECK(said({{kUp, "GET /onvif/x HTTP/1.1\r\n\r\n"},
              {kDown, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"}}) == service());
}

TEST_CASE("http: titles of front pages only, and none of an application's inner pages") {
  const std::string page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Doe, John</title>";
  CHECK(said({{kUp, "GET /patient HTTP/1.1\r\n\r\n"}, {kDown, page}}) == service());
  CHECK(said({{kUp, "GET /?patient=1 HTTP/1.1\r\n\r\n"}, {kDown, page}}) == service());
  CHECK(said({{kDown, page}}) == service());
  CHECK(said({{kUp, "GET /login.asp HTTP/1.1\r\n\r\n"},
              {kDown, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>PACS</title>" +
                          std::string(9000, 'x')}}) ==
        service() + kServer + "clue http.title=\"PACS\" role=server\n");
}

TEST_CASE("http: of titles only what names a product, and nobody's name") {
  const auto title = [](const std::string& text) {
    const std::string all =
        said({{kUp, "GET / HTTP/1.1\r\n\r\n"},
              {kDown, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " +
                          std::to_string(text.size() + 15) + "\r\n\r\n<title>" + text + "</title>"}});
    const std::size_t at = all.find("http.title=\"");
    return at == std::string::npos ? "" : all.substr(at + 12, all.find('"', at + 12) - at - 12);
  };
  CHECK(title("Synapse PACS: DOE JANE (MRN 1234567)") == "Synapse PACS");
  CHECK(title("Doe^Jane 19700101 - Orthanc Explorer") == "Orthanc Explorer");
  CHECK(title("Weasis - Doe, JANE") == "Weasis");
  CHECK(title("OpenEMR - Patient: Doe") == "OpenEMR");
  CHECK(title("syngo.via - Jane Doe") == "syngo.via");
  CHECK(title("Web Viewer Jane Doe") == "Web Viewer");
  CHECK(title("Patient Doe JANE 1970").empty());
  CHECK(title("Jane Doe").empty());
  CHECK(title("Syringe pump 12 - Jane Doe") == "Syringe pump 12");
  CHECK(title("Jane Doe | Web Server").find("Doe") == std::string::npos);
  CHECK(title("Web Server Doe, Jane").empty());
  CHECK(title("Login name Doe").empty());
  CHECK(title("HP Color LaserJet CP3525 192.0.2.10") == "HP Color LaserJet CP3525 192.0.2.10");
  CHECK(title("Live view  - AXIS P1346 Network Camera") == "Live view  - AXIS P1346 Network Camera");
  CHECK(title("Cisco Systems, Inc. IP Phone CP-7961G") == "Cisco Systems, Inc. IP Phone CP-7961G");
  CHECK(title("Log In - Grafana") == "Grafana");
}

TEST_CASE("http: secrets in free words are cut where they begin") {
  const std::string all = said(
      {{kUp, "GET / HTTP/1.1\r\nUser-Agent: App/1.0 (token=s3cret)\r\n\r\n"},
       {kDown,
        "HTTP/1.1 401 No\r\nServer: Box/1 password: s3cret\r\nWWW-Authenticate: Basic realm=\"Pump, default "
        "password is s3cret\"\r\nContent-Length: 0\r\n\r\n"}});
  CHECK(all.find("s3cret") == std::string::npos);
  CHECK(all.find("http.user-agent=\"App/1.0\"") != std::string::npos);
  CHECK(all.find("http.realm=\"Pump, default\"") != std::string::npos);
}

TEST_CASE("http: a password in an address counts where somebody logs in") {
  const auto after = [](const std::string& target, const std::string& answer) {
    const std::string all = said({{kUp, "GET " + target + " HTTP/1.1\r\n\r\n"}, {kDown, answer}});
    return all.find(" login ") != std::string::npos;
  };
  const std::string none = "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";
  CHECK_FALSE(after("/static/app.js?password=show", kOk));
  CHECK_FALSE(after("/x.php?id=7&pass=%20cat", kOk));
  CHECK_FALSE(after("/x.php?user=admin&pass=x", none));
  CHECK_FALSE(after("/login?user=admin&pass=x", none));
  CHECK(after("/x.php?user=admin&pass=x", kOk));
  CHECK(after("/login.cgi?pass=x", kOk));
  CHECK(after("/login.cgi?pass=x", "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"));
}

TEST_CASE("http: a device's own description in XML") {
  const std::string xml =
      "<?xml version=\"1.0\"?><root "
      "xmlns=\"urn:schemas-upnp-org:device-1-0\"><device><deviceType>urn:Belkin:device:controllee:1</"
      "deviceType>"
      "<friendlyName>Lamp &amp; "
      "Co</friendlyName><manufacturer>Belkin</manufacturer><modelName>Socket</modelName><modelNumber/>"
      "<serialNumber>221438K0100073</serialNumber><UDN>uuid:Socket-1_0</UDN><serviceList></"
      "serviceList><deviceList><device><modelNumber>9</modelNumber></device></deviceList></device></root>";
  const std::string expected = service() + kServer + "clue http.path=\"/setup.xml\" role=server\n" + kServer +
                               "clue upnp.device-type=\"urn:Belkin:device:controllee:1\" role=server\n" +
                               kServer + "clue upnp.friendly-name=\"Lamp & Co\" role=server\n" + kServer +
                               "name kind=upnp name=\"Lamp & Co\"\n" + kServer +
                               "clue upnp.manufacturer=\"Belkin\" role=server\n" + kServer +
                               "clue upnp.model-name=\"Socket\" role=server\n" + kServer +
                               "clue upnp.serial=\"221438K0100073\" role=server\n" + kServer +
                               "clue ssdp.usn=\"uuid:Socket-1_0\" role=server\n";
  CHECK(said({{kUp, "GET /setup.xml HTTP/1.1\r\n\r\n"},
              {kDown, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " +
                          std::to_string(xml.size()) + "\r\n\r\n" + xml}}) == expected);
  CHECK(said({{kUp, "GET /setup.xml HTTP/1.1\r\n\r\n"},
              {kDown, "HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + xml}}) == expected);
  const std::string isapi =
      "<DeviceInfo "
      "version=\"1.0\"><deviceName>cam</deviceName><model>DS-2CD</model><firmwareVersion>V5.4</"
      "firmwareVersion></DeviceInfo>";
  CHECK(said({{kUp, "GET /x HTTP/1.1\r\n\r\n"},
              {kDown, "HTTP/1.0 200 OK\r\nContent-Type: application/xml\r\n\r\n" + isapi}}) ==
        service() + kServer + "clue upnp.model-name=\"DS-2CD\" role=server\n" + kServer +
            "clue upnp.firmware=\"V5.4\" role=server\n");
  CHECK(said({{kUp, "GET /x HTTP/1.1\r\n\r\n"},
              {kDown,
               "HTTP/1.0 200 OK\r\nContent-Type: "
               "application/xml\r\n\r\n<a><manufacturer>no</manufacturer></device></a>"}}) == service());
}

TEST_CASE("http: a proxy's answers do not name the proxy's product; tunnels and upgrades end the reading") {
  CHECK(
      said(
          {{kUp,
            "GET http://a:b@www.example/onvif?x HTTP/1.1\r\nProxy-Authorization: Basic "
            "YTpi\r\nAuthorization: Basic YzpkCg==\r\n\r\n"},
           {kDown,
            "HTTP/1.1 200 OK\r\nServer: nginx\r\nVia: 1.1 gate (squid/5.7)\r\nContent-Length: 0\r\n\r\n"}}) ==
      service("squid", "5.7") + login("basic", "accepted"));
  test::DissectHarness tunnel(http_dissector());
  CHECK_FALSE(tunnel.stream({{kUp, "CONNECT a.example:443 HTTP/1.1\r\n\r\n"},
                             {kDown, "HTTP/1.1 200 Connection established\r\n\r\n\x16\x03\x01"}}));
  CHECK(tunnel.result() == StreamFeeder::Result::kDone);
  test::DissectHarness socket(http_dissector());
  CHECK_FALSE(socket.stream({{kUp, "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"},
                             {kDown, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching\r\n\r\n"}}));
  CHECK(socket.result() == StreamFeeder::Result::kDone);
}

TEST_CASE("http: NTLM in both headers") {
  // Type 1 with a version block 6.1.7601, and a type 2 without target information (both made by hand).
  const std::string negotiate = "TlRMTVNTUAABAAAAAgAAAgAAAAAgAAAAAAAAACAAAAAGAbEdAAAADw==";
  const std::string text = said({{kUp, "GET / HTTP/1.1\r\nAuthorization: NTLM " + negotiate + "\r\n\r\n"},
                                 {kDown,
                                  "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM "
                                  "TlRMTVNTUAACAAAAAAAAADgAAAACAAACAQIDBAUGBwgAAAAAAAAAAAAAAAA4AAAACgA5OAAAAA"
                                  "8=\r\nContent-Length: 0\r\n\r\n"}});
  CHECK(text == kClient + "clue ntlm.version=\"6.1.7601\" role=client\n" + service() + kServer +
                    "clue ntlm.version=\"10.0.14393\" role=server\n");
}

TEST_CASE("http: one direction only, a start on a status line, ends the wrong way round") {
  CHECK(said({{kDown, "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 3\r\n\r\nabc" + kOk}}) ==
        service("nginx", "1.22.1") + kServer + "clue http.server=\"nginx/1.22.1\" role=server\n");
  std::string requests;
  for (int i = 0; i < 9; ++i) requests += "GET / HTTP/1.1\r\nAuthorization: Basic YTpi\r\n\r\n";
  CHECK(said({{kUp, requests}}) == login("basic", "unknown"));
  CHECK(said({{kUp, "HTTP/1.1 200 OK\r\nServer: x/1\r\nContent-Length: 0\r\n\r\n"},
              {kDown, "GET / HTTP/1.1\r\nUser-Agent: y\r\nAuthorization: Basic YTpi\r\n\r\n"},
              {kUp, kOk}}) ==
        kClient + "service tcp/40000 http product=\"x\" version=\"1\" encrypted=false\n" + kClient +
            "clue http.server=\"x/1\" role=server\n" + kServer + "clue http.user-agent=\"y\" role=client\n");
}

TEST_CASE("http: a gap is crossed at the next head; one inside a skipped body costs nothing") {
  test::DissectHarness harness(http_dissector());
  CHECK(harness.piece(kUp, "GET / HTTP/1.1\r\nAuthorization: Basic YTpi\r\n\r\n"));
  CHECK(harness.piece(kDown, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nab"));
  CHECK(harness.gap(kDown, 98));
  CHECK(harness.piece(kDown, kOk));
  CHECK(harness.gap(kDown, 5));
  CHECK(harness.piece(kDown, "rest of something"));
  CHECK(harness.piece(kDown, "HTTP/1.1 200 OK\r\nServer: z\r\n\r\n"));
  CHECK(harness.text() == service() + login("basic", "accepted") + service("z") + kServer +
                              "clue http.server=\"z\" role=server\n");
}

TEST_CASE("http: malformed heads and bodies") {
  CHECK(said({{kUp, "GET / HTTP/1.1\r\nnonsense\r\n\r\n"}}) == kClient + "anomaly http bad-head\n");
  CHECK(said({{kUp, "GET / HTTP/1.1\r\n\r\n\x01\x02\x03\r\n"}}) == kClient + "anomaly http bad-head\n");
  CHECK(said({{kUp, "GET / HTTP/1.1\r\nA: " + std::string(17000, 'a')}}) ==
        kClient + "anomaly http header-too-long\n");
  CHECK(said({{kUp, "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"}}) ==
        kClient + "anomaly http bad-length\n");
  CHECK(said({{kUp, "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"}}) ==
        kClient + "anomaly http bad-length\n");
  CHECK(
      said({{kUp, "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}}) ==
      kClient + "anomaly http length-and-chunked\n");
  CHECK(said({{kUp, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}}) ==
        kClient + "anomaly http bad-chunk\n");
}

TEST_CASE("http: recognised by its first line on any port") {
  CHECK(recognised("GET / HTTP/1.1\r\n") == Recognition::kYes);
  CHECK(recognised("HTTP/1.0 404", kDown) == Recognition::kYes);
  CHECK(recognised("GET /" + std::string(1200, 'a')) == Recognition::kYes);
  CHECK(recognised("GET /") == Recognition::kMore);
  CHECK(recognised("USER bob\r\n") == Recognition::kNo);
  CHECK(recognised("OPTIONS rtsp://a RTSP/1.0\r\n") == Recognition::kNo);
  CHECK(recognised("MSH|^~\\&|A") == Recognition::kNo);
}

TEST_CASE("http: a request without a host and a path") {
  CHECK(said({{kUp, "OPTIONS * HTTP/1.0\r\n\r\n"}, {kDown, kOk}}) == service());
}

}  // namespace bedrail
