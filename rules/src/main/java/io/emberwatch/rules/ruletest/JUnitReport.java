package io.emberwatch.rules.ruletest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Results of rule tests as JUnit XML, which build servers read: a suite per test file. */
final class JUnitReport {
    private record Suite(String name, List<CaseResult> results) {}

    private final List<Suite> suites = new ArrayList<>();

    void add(String file, List<CaseResult> results) {
        suites.add(new Suite(file, List.copyOf(results)));
    }

    void write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out, "UTF-8");
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuites");
            for (Suite suite : suites) {
                write(xml, suite);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static void write(XMLStreamWriter xml, Suite suite) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", suite.name());
        xml.writeAttribute("tests", Integer.toString(suite.results().size()));
        xml.writeAttribute("failures", Long.toString(count(suite, CaseResult.Outcome.FAILED)));
        xml.writeAttribute("skipped", Long.toString(count(suite, CaseResult.Outcome.SKIPPED)));
        for (CaseResult result : suite.results()) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("name", result.name());
            if (result.outcome() == CaseResult.Outcome.FAILED) {
                xml.writeStartElement("failure");
                xml.writeCharacters(printable(result.text()));
                xml.writeEndElement();
            } else if (result.outcome() == CaseResult.Outcome.SKIPPED) {
                xml.writeEmptyElement("skipped");
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static long count(Suite suite, CaseResult.Outcome outcome) {
        return suite.results().stream()
                .filter(result -> result.outcome() == outcome)
                .count();
    }

    // XML 1.0 has no way to write most control characters.
    private static String printable(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "\uFFFD");
    }
}
