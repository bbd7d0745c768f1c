<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- The areas: a group of rules for each direction and scenario, the nearest minutes darkest and on top. -->
<qgis version="3.28.0" styleCategories="Symbology|Labeling" labelsEnabled="0">
  <renderer-v2 type="RuleRenderer" symbollevels="0">
    <rules key="all">
      {% for group in groups %}
      <rule key="{{ group.direction }} {{ group.scenario }}" filter="&quot;direction&quot; = '{{ group.direction }}' AND &quot;scenario&quot; = '{{ group.scenario }}'" label="{{ group.words }}" checkstate="{{ group.on | int }}">
        {% for band in bands | reverse %}
        <rule key="{{ group.direction }} {{ group.scenario }} {{ band.words }}" filter="&quot;minutes&quot; = {{ band.minutes }}" label="within {{ band.words }} minutes" symbol="{{ band.symbol }}"/>
        {% endfor %}
      </rule>
      {% endfor %}
    </rules>
    <symbols>
      {% for band in bands %}
      <symbol name="{{ band.symbol }}" type="fill" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" pass="0" locked="0">
          <Option type="Map">
            <Option name="color" type="QString" value="{{ band.colour | rgba(share) }}"/>
            <Option name="outline_color" type="QString" value="{{ band.colour | rgba }}"/>
            <Option name="outline_width" type="QString" value="0.3"/>
            <Option name="style" type="QString" value="solid"/>
          </Option>
        </layer>
      </symbol>
      {% endfor %}
    </symbols>
  </renderer-v2>
</qgis>
